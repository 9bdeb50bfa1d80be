// Asks Stripe where its events contradict each other within one second.
#pragma once

#include <calixo/plugin.hpp>

#include <string>

#include "premium_service.hpp"
#include "projection.hpp"
#include "stripe_api.hpp"

namespace calixo::billing {

struct Refetch {
  std::string subscription_id;
  std::string customer_id;
};
BOOST_DESCRIBE_STRUCT(Refetch, (), (subscription_id, customer_id))

class RefetchService {
 public:
  RefetchService(Plugin& plugin, const StripeApi& api, const PremiumService& premium);

  // Has it asked soon, with tx. Nothing where there is no key to ask with. [fiber, suspends]
  void order(Transaction& tx, const SubscriptionRow& row, Timestamp now) const;

 private:
  void run(JobContext& job, const Refetch& wanted) const;
  void take(Transaction& tx, const Refetch& wanted, const Json& answer) const;

  const StripeApi& api_;
  const PremiumService& premium_;
  Job<Refetch> job_;
};

}  // namespace calixo::billing
