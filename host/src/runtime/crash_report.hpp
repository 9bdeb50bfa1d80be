// Says what was running when the process dies of a signal, before the signal goes on to whoever
// handles it otherwise: a line on standard error for people, and lines for the supervisor, who
// learns from them which plugin is to blame:
//
//   crash <TAB> invalid memory access <TAB> plank POST /api/plank     what, and in which work
//   held  <TAB> held its loop         <TAB> plank POST /api/plank     the same, of a living process
//   culprit <TAB> plank                 the innermost plugin whose code stands on the stack, if any
//
// All of it is async-signal-safe; nothing is written twice into one line by two threads.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <string_view>

namespace calixo::host::crash_report {

// While one lives, its thread handles a fault on a stack of its own: an overflow leaves no other.
// The first one of the process installs the handlers.
class AlternateStack {
 public:
  AlternateStack();
  ~AlternateStack();
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

 private:
  void* memory_ = nullptr;  // none where the thread has one already
};

// What this thread does where no fiber's label says it: "plank start". The text outlives the scope,
// and what runs in it does not suspend.
class Scope {
 public:
  explicit Scope(std::string_view label);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  std::string_view before_;
};

// The supervisor's lines go to this descriptor. [startup]
void tell_supervisor(int descriptor);

// The code from begin to end is this plugin's; names of at most 63 bytes are kept whole, and no
// more than 256 pieces. [startup]
void add_code(std::string_view plugin, const void* begin, const void* end);

// Has another thread tell what holds it, as after a crash; it goes on. [any-thread]
void report_held(pthread_t thread);

// Tells what this process does not get to an end with, and ends it. [any-thread]
[[noreturn]] void give_up(std::string_view what, std::string_view label);

}  // namespace calixo::host::crash_report
