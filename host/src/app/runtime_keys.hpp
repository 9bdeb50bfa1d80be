// Runtime keys: what the table `config` says over file and environment. Read again when the table
// says that it changed, and besides once a second.
#pragma once

#include <memory>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class Configuration;
class Database;
class WorkSignals;

// What the table's trigger announces on the channel of all signals.
inline constexpr const char* kConfigSignal = "signal:host/config";

class RuntimeKeys {
 public:
  // Reads once before it returns, then on `loop` until destroyed.
  RuntimeKeys(EventLoop& loop, Database& database, Configuration& configuration,
              WorkSignals& signals);
  ~RuntimeKeys();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace calixo::host
