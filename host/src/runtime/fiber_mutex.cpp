#include "runtime/fiber_mutex.hpp"

#include <cassert>
#include <mutex>
#include <utility>

namespace calixo::host {

// Waiters stand on their own stacks, linked in the order of their coming; unlock() hands the lock
// to the first of them, so nobody overtakes.
struct FiberMutex::Impl {
  struct Waiter {
    Completion granted;
    bool is_owner = false;
    Waiter* previous = nullptr;
    Waiter* next = nullptr;
  };

  void append(Waiter& waiter) {
    waiter.previous = last;
    (last == nullptr ? first : last->next) = &waiter;
    last = &waiter;
  }
  void remove(Waiter& waiter) {
    (waiter.previous == nullptr ? first : waiter.previous->next) = waiter.next;
    (waiter.next == nullptr ? last : waiter.next->previous) = waiter.previous;
  }

  std::mutex guard;  // of what follows; never held across a suspension
  bool is_locked = false;
  Waiter* first = nullptr;
  Waiter* last = nullptr;
};

FiberMutex::FiberMutex() : impl_(std::make_unique<Impl>()) {}

FiberMutex::~FiberMutex() { assert(!impl_->is_locked && "a locked mutex is destroyed"); }

WaitStatus FiberMutex::lock(Deadline deadline) {
  {
    const std::lock_guard guard(impl_->guard);
    if (!std::exchange(impl_->is_locked, true)) return WaitStatus::ready;
  }
  Impl::Waiter waiter;
  {
    const std::lock_guard guard(impl_->guard);
    if (!std::exchange(impl_->is_locked, true)) return WaitStatus::ready;
    impl_->append(waiter);
  }
  const WaitStatus status = waiter.granted.wait(deadline);
  if (status == WaitStatus::ready) return status;
  const std::lock_guard guard(impl_->guard);
  if (waiter.is_owner) return WaitStatus::ready;  // granted while the wait was ending
  impl_->remove(waiter);
  return status;
}

void FiberMutex::unlock() {
  Completion::Handle granted;
  {
    const std::lock_guard guard(impl_->guard);
    assert(impl_->is_locked);
    Impl::Waiter* const waiter = impl_->first;
    if (waiter == nullptr) {
      impl_->is_locked = false;
      return;
    }
    impl_->remove(*waiter);
    waiter->is_owner = true;
    granted = waiter->granted.handle();
  }
  granted.complete();
}

}  // namespace calixo::host
