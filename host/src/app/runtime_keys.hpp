// Runtime keys: what the table `config` says over file and environment, read again every second.
#pragma once

#include <memory>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class Configuration;
class Database;

class RuntimeKeys {
 public:
  // Reads once before it returns, then on `loop` until destroyed.
  RuntimeKeys(EventLoop& loop, Database& database, Configuration& configuration);
  ~RuntimeKeys();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace calixo::host
