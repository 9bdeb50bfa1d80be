#include "app/validate/host_calls.hpp"

#include <algorithm>
#include <array>

#include "runtime/fiber.hpp"

namespace calixo::host {
namespace {

constexpr std::chrono::milliseconds kMeetingPatience{2000};

// Whose calls are counted together.
const void* caller() {
  thread_local const char thread_mark = 0;
  const Fiber* fiber = Fiber::current();
  return fiber != nullptr ? static_cast<const void*>(fiber) : &thread_mark;
}

}  // namespace

std::string_view status_name(calixo_status status) {
  static constexpr std::array<std::string_view, 13> kNames{
      "OK",    "CANCELLED", "TIMEOUT",  "UNAVAILABLE", "NOT_FOUND",   "INVALID",    "CONFLICT",
      "LIMIT", "DENIED",    "INTERNAL", "SQL_ERROR",   "WOULD_BLOCK", "UNSUPPORTED"};
  const auto index = static_cast<std::size_t>(status);
  return index < kNames.size() ? kNames[index] : "an unknown status";
}

void Meeting::open(std::size_t parties) {
  const std::lock_guard lock(mutex_);
  parties_ = parties;
}

void Meeting::wait() {
  Completion turn;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(turn.handle());
    if (waiting_.size() >= parties_) release_first();
  }
  turn.wait(Deadline::in(kMeetingPatience));  // another may wait for what holds this one
}

void Meeting::leave() {
  const std::lock_guard lock(mutex_);
  if (parties_ > 0) --parties_;
  if (!waiting_.empty() && waiting_.size() >= parties_) release_first();
}

void Meeting::release_first() {
  waiting_.front().complete();
  waiting_.pop_front();
}

HostCalls& HostCalls::instance() {
  static HostCalls calls;
  return calls;
}

void HostCalls::begin(const CallScript& script) {
  const std::lock_guard lock(mutex_);
  script_ = script;
  is_scripted_ = true;
  calls_.clear();
  has_acted_ = false;
  logged_error_.clear();
}

void HostCalls::take_error(std::string line) {
  const std::lock_guard lock(mutex_);
  logged_error_ = std::move(line);
}

std::string HostCalls::logged_error() const {
  const std::lock_guard lock(mutex_);
  return logged_error_;
}

CallTrace HostCalls::end() {
  const std::lock_guard lock(mutex_);
  is_scripted_ = false;
  CallTrace trace;
  trace.has_acted = has_acted_;
  for (auto& [who, calls] : calls_) {
    if (calls.size() > trace.calls.size()) trace.calls = std::move(calls);
  }
  return trace;
}

std::optional<calixo_status> HostCalls::arrive(const HostCall& call) {
  std::size_t index = 0;
  bool meets = false;
  {
    const std::lock_guard lock(mutex_);
    if (!is_scripted_) return {};
    auto& calls = calls_[caller()];
    index = calls.size();
    calls.push_back(&call);
    meets = script_.meets && call.waits;
  }
  if (meets) meeting_.wait();
  return act(call, index);
}

std::optional<calixo_status> HostCalls::act(const HostCall& call, std::size_t index) {
  const std::lock_guard lock(mutex_);
  if (!is_scripted_) return {};
  if (script_.fail_at == index && std::find(call.failures.begin(), call.failures.end(),
                                            script_.status) != call.failures.end()) {
    has_acted_ = true;
    return script_.status;
  }
  if (script_.cancel_at != index || !call.waits) return {};
  has_acted_ = true;
  Fiber* const fiber = Fiber::current();
  if (fiber == nullptr) return CALIXO_CANCELLED;  // a worker thread's waits know no cancellation
  fiber->cancel();
  return {};
}

}  // namespace calixo::host
