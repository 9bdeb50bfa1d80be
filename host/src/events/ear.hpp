// What a plugin does at a signal: called when the signal comes, when it may have been missed, and
// once a poll interval, one call at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "events/lane.hpp"

namespace calixo::host {

struct EarKind {
  std::string signal;
  std::string label;           // what watchdog and crash reports name
  std::function<void()> hear;  // must not throw. [fiber, suspends]
};

class Ear : public std::enable_shared_from_this<Ear> {
 public:
  Ear(EarKind kind, std::shared_ptr<Lane::Shared> shared);

  // Hears until shared->is_draining. [any-thread]
  void start(EventLoop& loop);
  void wake() { wake_up_->set(); }  // [any-thread]

 private:
  void hear_for_ever();

  EarKind kind_;
  std::shared_ptr<Lane::Shared> shared_;
  std::shared_ptr<WakeUp> wake_up_ = std::make_shared<WakeUp>();
};

}  // namespace calixo::host
