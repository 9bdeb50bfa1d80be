// A lock that may be held across suspensions, where a std::mutex may not.
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/exception_state.hpp>

#include <utility>

namespace calixo {

// A lock that may be held while a fiber waits; fair.
class Mutex {
 public:
  // `from`: a Plugin, or what else has a host(). [any-thread]
  template <class Source>
  requires requires(const Source& source) { source.host().runtime; }
  explicit Mutex(const Source& from)
      : runtime_(from.host().runtime), mutex_(runtime_->mutex_create(from.host().handle)) {
    if (mutex_ == nullptr) throw HostFailure(CALIXO_LIMIT, "make a mutex");
  }
  ~Mutex() { runtime_->mutex_destroy(mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  // Holds the lock until it goes.
  class Guard {
   public:
    // Made by Mutex::lock().
    explicit Guard(Mutex& locked) : mutex_(&locked) {}
    // The other holds nothing afterwards.
    Guard(Guard&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Guard& operator=(Guard&&) = delete;
    ~Guard() {
      if (mutex_ != nullptr) mutex_->runtime_->mutex_unlock(mutex_->mutex_);
    }

   private:
    Mutex* mutex_;
  };

  // Waits for its turn; throws HostFailure where the request ends first. [fiber, suspends]
  [[nodiscard]] Guard lock() {
    detail::throw_unless_ok(detail::suspending([&] { return runtime_->mutex_lock(mutex_); }),
                            "lock a mutex");
    return Guard(*this);
  }

 private:
  const calixo_runtime_v1* runtime_;
  calixo_mutex* mutex_;
};

}  // namespace calixo
