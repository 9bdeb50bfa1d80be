// Who is premium by their subscriptions: told to the accounts' plugin when it changes, and taken
// back when its time is over, by a job at that time.
#pragma once

#include <calixo/plugin.hpp>
#include <calixo/premium.hpp>

#include <string>
#include <string_view>

#include "premium.hpp"
#include "settings.hpp"

namespace calixo::billing {

struct Lapse {
  std::string user_id;
};
BOOST_DESCRIBE_STRUCT(Lapse, (), (user_id))

class PremiumService {
 public:
  PremiumService(Plugin& plugin, const Settings& settings);

  // Looks at all that this person has subscribed to and says what follows, with tx.
  // [fiber, suspends]
  void settle(Transaction& tx, std::string_view user_id) const;
  GraceRules grace() const;

 private:
  const Settings& settings_;
  Premium premium_;
  Job<Lapse> lapse_;
};

}  // namespace calixo::billing
