// Keeps a fiber's C++ exception state its own across a suspension.
// The runtime library keeps caught and uncaught exceptions per thread; a fiber that suspends inside
// a catch block, or while the stack unwinds, would hand them to the next fiber of the thread.
#pragma once

#include <calixo/abi/base.h>

#include <cxxabi.h>

#include <cstdint>
#include <cstring>
#include <exception>
#include <utility>

#if defined(_LIBCPP_VERSION)  // libc++abi exports it, and its <cxxabi.h> leaves it out
namespace __cxxabiv1 {
struct __cxa_eh_globals;
extern "C" __cxa_eh_globals* __cxa_get_globals();
}  // namespace __cxxabiv1
#endif

namespace calixo {

// Saves and clears the thread's exception state, and restores it at the end of the scope. Stands
// inline in the plugin, so that it reaches the C++ runtime the plugin was linked with, also a
// static one of its own. A fiber stays on its thread, so the two ends see the same state.
// [fiber, suspends]
class ExceptionStateGuard {
 public:
  ExceptionStateGuard() noexcept : globals_(abi::__cxa_get_globals()) {
    std::memcpy(&saved_, globals_, sizeof saved_);
    const State cleared{nullptr, 0};
    std::memcpy(static_cast<void*>(globals_), &cleared, sizeof cleared);
  }
  ~ExceptionStateGuard() { std::memcpy(static_cast<void*>(globals_), &saved_, sizeof saved_); }
  ExceptionStateGuard(const ExceptionStateGuard&) = delete;
  ExceptionStateGuard& operator=(const ExceptionStateGuard&) = delete;

 private:
  // __cxa_eh_globals as the Itanium C++ ABI defines it (section 2.2.2).
  struct State {
    void* caught_exceptions;
    unsigned int uncaught_exceptions;
  };
  abi::__cxa_eh_globals* globals_;
  State saved_;
};

// A host call other than a statement that could not be done: cancelled, timed out, refused for
// load. Let it pass: the layer answers 503 with Retry-After, or nothing where the client is gone.
class HostFailure : public std::exception {
 public:
  // operation: a literal, "sleep"
  HostFailure(calixo_status status, const char* operation)
      : status_(status), operation_(operation) {}
  // CALIXO_CANCELLED, CALIXO_TIMEOUT, CALIXO_LIMIT, ….
  calixo_status status() const { return status_; }
  // What could not be done, for the log.
  const char* what() const noexcept override { return operation_; }

 private:
  calixo_status status_;
  const char* operation_;
};

namespace detail {

// Calls something that may suspend, with the exception state put aside. [fiber, suspends]
template <class Call>
decltype(auto) suspending(Call&& call) {
  ExceptionStateGuard guard;
  return std::forward<Call>(call)();
}

inline void throw_unless_ok(calixo_status status, const char* operation) {
  if (status != CALIXO_OK) throw HostFailure(status, operation);
}

}  // namespace detail
}  // namespace calixo
