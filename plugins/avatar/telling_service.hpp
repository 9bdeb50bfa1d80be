// Tells the other plugins what avatars have come to: tired, asleep, a level higher.
//
// A row keeps when it is next to be looked at: when its energy will have fallen, or at once where a
// feeding brought a level. Each process looks for due ones once in events.poll_interval_ms; of two
// that look at the same time, each takes other rows. What a row has come to is judged by the keys
// of that moment, so that a key that changes is taken up when the row comes due.
#pragma once

#include <calixo/avatar_events.hpp>
#include <calixo/plugin.hpp>
#include <calixo/signals.hpp>

#include <cstddef>

#include "settings.hpp"
#include "telling_store.hpp"

namespace calixo::avatar {

class TellingService {
 public:
  // [startup]
  TellingService(Plugin& plugin, const Settings& settings);

 private:
  void tell_due();
  std::size_t tell_some();
  void tell(const Transaction& tx, const DueAvatar& avatar) const;

  Plugin& plugin_;
  const Settings& settings_;
  Topic<AvatarTired> tired_;
  Topic<AvatarAsleep> asleep_;
  Topic<AvatarLeveledUp> leveled_up_;
  Signal looking_;  // "due": nobody sends it, it only comes with each poll
};

}  // namespace calixo::avatar
