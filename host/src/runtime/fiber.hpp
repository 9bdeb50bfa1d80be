// A stackful fiber of one event loop: plain synchronous code that suspends instead of blocking.
// A fiber stays on its thread and is never destroyed while suspended: its waits are woken with
// WaitStatus::cancelled and it runs to its end.
#pragma once

#include <functional>
#include <string_view>

#include "runtime/deadline.hpp"

namespace calixo::host {

class Fiber {
 public:
  // The fiber this code runs on, or nullptr on a loop or another thread.
  static Fiber* current();

  // Every wait of the fiber answers `cancelled` from now on, the present one at once. [loop]
  void cancel();
  bool is_cancelled() const;

  // No wait of the fiber outlasts it.
  void set_deadline(Deadline deadline);
  Deadline deadline() const;

  // What the watchdog names when this fiber blocks its loop: "challenges GET /api/challenges".
  // The view must outlive the fiber's task.
  void set_label(std::string_view label);

  // While one lives, cancellation and the fiber's deadline do not end waits: for rollbacks and
  // other ends that must be reached. Nestable.
  class Shield {
   public:
    Shield();
    ~Shield();
  };

 protected:
  Fiber() = default;
  ~Fiber() = default;
};

}  // namespace calixo::host
