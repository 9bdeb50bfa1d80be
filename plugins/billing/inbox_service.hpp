// Stripe's events: stored before they are acknowledged, applied by a job each, exactly once.
#pragma once

#include <calixo/deferred.hpp>
#include <calixo/plugin.hpp>

#include <string>
#include <string_view>

#include "coupons/redemptions_service.hpp"
#include "facts.hpp"
#include "inbox_store.hpp"
#include "premium_service.hpp"
#include "refetch_service.hpp"

namespace calixo::billing {

struct EventRef {
  std::string event_id;
};
BOOST_DESCRIBE_STRUCT(EventRef, (), (event_id))

class InboxService {
 public:
  InboxService(Plugin& plugin, const PremiumService& premium, const RefetchService& refetch,
               const RedemptionsService& redemptions);

  // When it returns the event will be applied, whatever happens; one that is there already is left
  // alone. [fiber, suspends]
  void keep(Context& context, const EventHead& event, std::string_view body) const;
  // Has an event applied once more. False where there is none whose body is kept.
  // [fiber, suspends]
  bool replay(const std::string& event_id) const;
  // Joins them to what is known, with all that follows. [fiber, suspends]
  void take(Transaction& tx, const Facts& facts) const;

 private:
  void apply(Transaction& tx, const std::string& event_id) const;
  // Whose the customer is now, and whoever else's it was till now.
  std::vector<std::string> people_of(Transaction& tx, const Facts& facts) const;

  Plugin& plugin_;
  const PremiumService& premium_;
  const RefetchService& refetch_;
  const RedemptionsService& redemptions_;
  Deferred deferred_;
  Job<EventRef> apply_;
};

}  // namespace calixo::billing
