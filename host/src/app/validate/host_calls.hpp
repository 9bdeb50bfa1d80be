// What the plugin under validation asks of the host: every call that may fail passes here. It is
// counted, and fails, is cancelled, or meets another request's, as the present script says.
// One object a process, which validates one plugin. [any-thread]
#pragma once

#include <calixo/abi/base.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/completion.hpp"

namespace calixo::host {

// A function of the host's interfaces.
struct HostCall {
  std::string_view name;                    // "db.run"
  std::span<const calixo_status> failures;  // what it may answer besides CALIXO_OK
  bool waits = false;
};

std::string_view status_name(calixo_status status);  // "UNAVAILABLE"

// What is to happen to the calls of a request. The calls of each fiber are counted from 0.
struct CallScript {
  std::optional<std::size_t> fail_at;
  calixo_status status = CALIXO_INTERNAL;  // of the call that fails
  std::optional<std::size_t> cancel_at;    // the request is cancelled as this call is made
  bool meets = false;  // at every wait a request stops until all others stand at one as well
};

// What happened under a script.
struct CallTrace {
  std::vector<const HostCall*> calls;  // of the fiber that made the most
  bool has_acted = false;              // the call to fail or to cancel was reached
};

// Requests that stop at each of their waits until all stand at one; then the first goes on alone.
class Meeting {
 public:
  void open(std::size_t parties);
  void wait();   // [fiber, suspends]
  void leave();  // one party less. [any-thread]

 private:
  void release_first();

  std::mutex mutex_;
  std::size_t parties_ = 0;
  std::deque<Completion::Handle> waiting_;
};

class HostCalls {
 public:
  static HostCalls& instance();

  void begin(const CallScript& script);
  CallTrace end();
  Meeting& meeting() { return meeting_; }

  // A wrapped call was made: the status it has to answer, or nothing: it goes on to the host.
  // Waits where requests meet.
  std::optional<calixo_status> arrive(const HostCall& call);

  // What the plugin holds of the host at present.
  struct Held {
    std::atomic<long> transactions{0}, results{0}, mutexes{0};
  };
  Held& held() { return held_; }

  // The last error that the plugin logged since the script began: why it answers as it does.
  void take_error(std::string line);
  std::string logged_error() const;

 private:
  std::optional<calixo_status> act(const HostCall& call, std::size_t index);

  mutable std::mutex mutex_;
  bool is_scripted_ = false;
  CallScript script_;
  std::map<const void*, std::vector<const HostCall*>> calls_;  // by fiber or thread
  bool has_acted_ = false;
  std::string logged_error_;
  Meeting meeting_;
  Held held_;
};

// From now on the library of this file is given interfaces whose calls pass through HostCalls; all
// others get the host's own. Before it is loaded. [startup]
void watch_calls_of(const std::string& file);

}  // namespace calixo::host
