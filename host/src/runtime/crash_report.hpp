// Says which fiber was running when the process dies of a signal, before the signal goes on to
// whoever handles it otherwise: the supervisor learns the plugin's name from this line.
#pragma once

#include <cstddef>

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

}  // namespace calixo::host::crash_report
