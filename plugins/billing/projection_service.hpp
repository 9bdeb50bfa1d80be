// What Stripe says, joined to what is known of customers, subscriptions and payments, with all that
// follows for people: many events at once, each as if it had come by itself.
#pragma once

#include <calixo/plugin.hpp>

#include <set>
#include <string>
#include <vector>

#include "coupons/redemptions_service.hpp"
#include "facts.hpp"
#include "premium_service.hpp"
#include "refetch_service.hpp"

namespace calixo::billing {

class ProjectionService {
 public:
  ProjectionService(Plugin& plugin, const PremiumService& premium, const RefetchService& refetch,
                    const RedemptionsService& redemptions)
      : plugin_(plugin), premium_(premium), refetch_(refetch), redemptions_(redemptions) {}

  // In any order, any number of times: the end is the same. [fiber, suspends]
  void take(Transaction& tx, const std::vector<Facts>& events) const;

 private:
  // Whose the customers are now, and whoever else's they were till now.
  std::set<std::string> people_of(Transaction& tx, const std::vector<Facts>& events) const;
  void take_subscriptions(Transaction& tx, const std::vector<Facts>& events) const;
  void take_payments(Transaction& tx, const std::vector<Facts>& events) const;

  Plugin& plugin_;
  const PremiumService& premium_;
  const RefetchService& refetch_;
  const RedemptionsService& redemptions_;
};

}  // namespace calixo::billing
