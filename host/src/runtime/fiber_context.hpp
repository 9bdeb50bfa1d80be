// A fiber as its loop sees it: stack, task, present wait. One context runs task after task, so
// that a spawn in steady state allocates nothing. Everything here is the loop's: [loop].
#pragma once

#include <boost/context/detail/fcontext.hpp>

#include "runtime/event_loop.hpp"
#include "runtime/fiber_stack.hpp"
#include "runtime/sanitizers.hpp"
#include "runtime/wait_state.hpp"

namespace calixo::host {

// What the C++ runtime keeps per thread about exceptions being handled or thrown, and what
// belongs to each fiber instead.
struct ExceptionState {
  void* caught = nullptr;
  unsigned int uncaught = 0;
};

class FiberContext final : public Fiber {
 public:
  explicit FiberContext(LoopCore& loop);
  ~FiberContext();
  FiberContext(const FiberContext&) = delete;
  FiberContext& operator=(const FiberContext&) = delete;

  // False where there is no memory for a stack. Before anything else.
  bool prepare(std::size_t stack_bytes);

  // Takes the next task; it runs with the first resume().
  void begin(Task body, bool is_cancelled);
  // From the loop: runs the fiber until it suspends or ends. True when its task has ended.
  bool resume();
  bool has_started() const { return has_started_; }

  // From the fiber itself: waits for the state as Completion::wait says.
  WaitStatus wait(FiberWaitState& state, Deadline deadline);
  // The wait that is over goes on with this answer when the loop comes to the fiber.
  void wake(WaitStatus status);

  LoopCore& loop() { return loop_; }
  const FiberStack& stack() const { return stack_; }
  // Only between tasks.
  void trim_stack() {
    if (std::exchange(needs_trim_, false)) stack_.trim(kStackKeptBytes);
  }
  std::string_view label() const { return label_; }
  void change_label(std::string_view label);

 private:
  friend class Fiber;
  friend class FiberQueue;
  friend class FiberList;
  static constexpr std::size_t kStackKeptBytes = 16 * 1024;

  [[noreturn]] static void enter(boost::context::detail::transfer_t from) noexcept;
  void run_task();
  void suspend();
  void leave_stack(bool for_good);
  Deadline effective_deadline() const;
  void arm_wake_timer();
  void on_wake_timer();
  void end_wait(WaitStatus status);

  LoopCore& loop_;
  FiberStack stack_;
  boost::context::detail::fcontext_t context_ = nullptr;
  boost::context::detail::fcontext_t loop_context_ = nullptr;
  sanitizers::Side side_;
  Task body_;
  bool has_started_ = false;
  bool has_ended_ = true;
  bool needs_trim_ = false;

  std::string_view label_;  // written under the loop's label lock, read by its watchdog
  bool is_cancelled_ = false;
  int shields_ = 0;
  Deadline deadline_ = Deadline::never();

  FiberWaitState* waiting_for_ = nullptr;  // only while suspended
  Deadline wait_deadline_ = Deadline::never();
  WaitStatus wake_status_ = WaitStatus::ready;
  // Stays armed past the wait it was armed for; a later one then finds it early enough.
  EventLoop::Timer wake_timer_;

  FiberContext* next_ready_ = nullptr;
  FiberContext* previous_in_flight_ = nullptr;
  FiberContext* next_in_flight_ = nullptr;
};

// First in, first out; linked through the fibers themselves.
class FiberQueue {
 public:
  bool is_empty() const { return first_ == nullptr; }
  void push(FiberContext& fiber) {
    fiber.next_ready_ = nullptr;
    (first_ == nullptr ? first_ : last_->next_ready_) = &fiber;
    last_ = &fiber;
  }
  FiberContext& pop() {
    FiberContext& fiber = *first_;
    first_ = fiber.next_ready_;
    return fiber;
  }

 private:
  FiberContext* first_ = nullptr;
  FiberContext* last_ = nullptr;
};

// Every fiber whose task has not ended.
class FiberList {
 public:
  bool is_empty() const { return first_ == nullptr; }
  void add(FiberContext& fiber) {
    fiber.previous_in_flight_ = nullptr;
    fiber.next_in_flight_ = first_;
    if (first_ != nullptr) first_->previous_in_flight_ = &fiber;
    first_ = &fiber;
  }
  FiberContext& first() const { return *first_; }  // not empty
  void remove(FiberContext& fiber) {
    (fiber.previous_in_flight_ == nullptr ? first_ : fiber.previous_in_flight_->next_in_flight_) =
        fiber.next_in_flight_;
    if (fiber.next_in_flight_ != nullptr) {
      fiber.next_in_flight_->previous_in_flight_ = fiber.previous_in_flight_;
    }
  }
  template <class Visit>
  void for_each(Visit visit) {
    for (FiberContext* fiber = first_; fiber != nullptr; fiber = fiber->next_in_flight_) {
      visit(*fiber);
    }
  }

 private:
  FiberContext* first_ = nullptr;
};

}  // namespace calixo::host
