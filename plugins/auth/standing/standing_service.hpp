// Keeps this node's knowledge of callers up with the database: at each signal, and once a poll.
#pragma once

#include <calixo/abi/principals.h>
#include <calixo/plugin.hpp>
#include <calixo/signals.hpp>

#include <functional>
#include <string>

#include "standing/standing.hpp"

namespace calixo::auth {

class StandingService {
 public:
  // on_keys: the signing keys are others than at the last look; it reads them.
  StandingService(Plugin& plugin, std::function<void()> on_keys);

  const Standing& standing() const { return standing_; }

  // What is committed by now holds in this process when it returns. [fiber, suspends]
  void catch_up();

 private:
  void hear();
  void take(const std::vector<StandingChange>& changes);
  void forget_old();

  Plugin& plugin_;
  std::function<void()> on_keys_;
  Standing standing_;
  Mutex mutex_;  // one look at a time
  std::string horizon_ = "0";
  std::string key_marks_;
  std::int64_t forget_at_s_ = 0;
  Signal signal_;
  const calixo_principals_v1* principals_ = nullptr;
};

}  // namespace calixo::auth
