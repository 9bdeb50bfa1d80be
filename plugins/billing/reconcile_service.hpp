// Compares what is known of subscriptions with what Stripe has, page by page, and mends it.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "inbox_service.hpp"
#include "stripe_api.hpp"

namespace calixo::billing {

// Where ours and Stripe's are not the same; statuses, or empty where there is none.
struct Difference {
  std::string subscription_id;
  std::string ours;
  std::string stripes;
  bool is_mended = false;
};
BOOST_DESCRIBE_STRUCT(Difference, (), (subscription_id, ours, stripes, is_mended))

struct Compared {
  std::int64_t count = 0;
  std::vector<Difference> differences;
  std::optional<std::string> next;  // go on after this subscription
};

class ReconcileService {
 public:
  ReconcileService(Plugin& plugin, const StripeApi& api, const InboxService& inbox)
      : plugin_(plugin), api_(api), inbox_(inbox) {}

  bool is_configured() const { return api_.is_configured(); }
  // One page of Stripe's list, the newest first. What came of a later second than Stripe's answer
  // is never overwritten. Throws as StripeApi::get. [fiber, suspends]
  Compared compare_page(const std::optional<std::string>& after, bool is_mending) const;

 private:
  std::optional<Difference> compare(const Json& subscription, std::int64_t as_of_s,
                                    bool is_mending) const;

  Plugin& plugin_;
  const StripeApi& api_;
  const InboxService& inbox_;
};

}  // namespace calixo::billing
