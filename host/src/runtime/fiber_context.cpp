#include "runtime/fiber_context.hpp"

#include <cxxabi.h>

#include <cassert>
#include <cstring>
#include <utility>

#include "runtime/loop_core.hpp"

namespace calixo::host {
namespace {

// The Itanium C++ ABI fixes this layout: a pointer, then an unsigned int.
void swap_exception_state(ExceptionState& other) {
  void* const globals = abi::__cxa_get_globals();
  ExceptionState mine;
  std::memcpy(&mine, globals, sizeof mine);
  std::memcpy(globals, &other, sizeof other);
  other = mine;
}

}  // namespace

FiberContext::FiberContext(LoopCore& loop)
    : loop_(loop), wake_timer_([this] { on_wake_timer(); }) {}

FiberContext::~FiberContext() {
  assert(has_ended_ || context_ == nullptr || !has_started_);
  sanitizers::destroy_fiber(side_);
}

bool FiberContext::prepare(std::size_t stack_bytes) {
  if (!stack_.map(stack_bytes)) return false;
  context_ = boost::context::detail::make_fcontext(stack_.top(), stack_.bytes(), &enter);
  side_.stack_bottom = stack_.bottom();
  side_.stack_bytes = stack_.bytes();
  sanitizers::create_fiber(side_);
  return true;
}

void FiberContext::begin(Task body, bool is_cancelled) {
  body_ = std::move(body);
  has_started_ = has_ended_ = false;
  needs_trim_ = true;
  is_cancelled_ = is_cancelled;
  shields_ = 0;
  deadline_ = Deadline::never();
}

bool FiberContext::resume() {
  has_started_ = true;
  sanitizers::start_switch(loop_.side(), side_, false);
  context_ = boost::context::detail::jump_fcontext(context_, this).fctx;
  sanitizers::finish_switch(loop_.side(), side_);
  return has_ended_;
}

// On the fiber's own stack, once a context; a fake frame of ASan's would not survive the first end.
CALIXO_NO_ASAN void FiberContext::enter(boost::context::detail::transfer_t from) noexcept {
  auto& self = *static_cast<FiberContext*>(from.data);
  self.loop_context_ = from.fctx;
  for (;;) {
    sanitizers::finish_switch(self.side_, self.loop_.side());
    self.run_task();
    self.leave_stack(true);
  }
}

void FiberContext::run_task() {
  body_();
  change_label({});
  body_ = nullptr;
  has_ended_ = true;
}

void FiberContext::suspend() {
  ExceptionState mine;
  swap_exception_state(mine);  // the loop goes on with none
  leave_stack(false);
  sanitizers::finish_switch(side_, loop_.side());
  swap_exception_state(mine);
}

CALIXO_NO_ASAN void FiberContext::leave_stack(bool for_good) {
  sanitizers::start_switch(side_, loop_.side(), for_good);
  loop_context_ = boost::context::detail::jump_fcontext(loop_context_, nullptr).fctx;
}

WaitStatus FiberContext::wait(FiberWaitState& state, Deadline deadline) {
  const auto give_up = [&state](WaitStatus status) {
    return state.leave_before_wait() ? status : WaitStatus::ready;
  };
  if (is_cancelled_ && shields_ == 0) return give_up(WaitStatus::cancelled);
  wait_deadline_ = deadline;
  const Deadline effective = effective_deadline();
  if (!effective.is_never() && effective.at() <= loop_.now()) {
    return give_up(WaitStatus::timed_out);
  }
  if (!state.begin_wait()) return WaitStatus::ready;
  waiting_for_ = &state;
  arm_wake_timer();
  suspend();
  return wake_status_;
}

void FiberContext::wake(WaitStatus status) {
  waiting_for_ = nullptr;
  wake_status_ = status;
  loop_.make_ready(*this);
}

void FiberContext::change_label(std::string_view label) {
  if (label.empty() && label_.empty()) return;
  const std::lock_guard lock(loop_.label_mutex());
  label_ = label;
}

Deadline FiberContext::effective_deadline() const {
  return shields_ == 0 ? wait_deadline_.sooner(deadline_) : wait_deadline_;
}

void FiberContext::arm_wake_timer() {
  const Deadline at = effective_deadline();
  if (at.is_never()) return;
  TimerHeap& timers = loop_.timers();
  if (wake_timer_.is_armed() && timers.due_at(wake_timer_).at() <= at.at()) return;
  timers.arm(wake_timer_, at);
}

void FiberContext::on_wake_timer() {
  if (waiting_for_ == nullptr) return;
  const Deadline at = effective_deadline();
  if (!at.is_never() && at.at() <= loop_.now()) {
    end_wait(WaitStatus::timed_out);
  } else {
    arm_wake_timer();
  }
}

// The completer may have been first: then its wake-up is under way, and this answer is dropped.
void FiberContext::end_wait(WaitStatus status) {
  if (waiting_for_ != nullptr && waiting_for_->leave()) wake(status);
}

// The public face -------------------------------------------------------------------------------

Fiber* Fiber::current() {
  LoopCore* const loop = LoopCore::current();
  return loop == nullptr ? nullptr : loop->running_fiber();
}

void Fiber::cancel() {
  auto& self = static_cast<FiberContext&>(*this);
  self.is_cancelled_ = true;
  if (self.shields_ == 0) self.end_wait(WaitStatus::cancelled);
}

bool Fiber::is_cancelled() const { return static_cast<const FiberContext&>(*this).is_cancelled_; }

void Fiber::set_deadline(Deadline deadline) {
  auto& self = static_cast<FiberContext&>(*this);
  self.deadline_ = deadline;
  if (self.waiting_for_ != nullptr) self.arm_wake_timer();
}

Deadline Fiber::deadline() const { return static_cast<const FiberContext&>(*this).deadline_; }

void Fiber::set_label(std::string_view label) {
  static_cast<FiberContext&>(*this).change_label(label);
}

Fiber::Shield::Shield() {
  if (Fiber* const fiber = current()) ++static_cast<FiberContext*>(fiber)->shields_;
}

Fiber::Shield::~Shield() {
  if (Fiber* const fiber = current()) --static_cast<FiberContext*>(fiber)->shields_;
}

}  // namespace calixo::host
