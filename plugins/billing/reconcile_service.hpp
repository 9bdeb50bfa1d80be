// Compares what is known of subscriptions with what Stripe has, page by page, and mends it: first
// Stripe's list, then those of ours that were not in it.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "projection_service.hpp"
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

// What one run remembers from page to page.
struct Reconciliation {
  bool is_mending = false;
  std::set<std::string, std::less<>> at_stripe;  // need not be asked for one by one
  // Something that an event told of is there. Else the key may be another account's, to which all
  // of ours are unknown: nothing is ended on its word.
  bool is_our_account = false;
};

class ReconcileService {
 public:
  ReconcileService(Plugin& plugin, const StripeApi& api, const ProjectionService& projection)
      : plugin_(plugin), api_(api), projection_(projection) {}

  bool is_configured() const { return api_.is_configured(); }
  // One page of Stripe's list, the newest first. What came of a later second than Stripe's answer
  // is never overwritten. Throws as StripeApi::get. [fiber, suspends]
  Compared compare_page(const std::optional<std::string>& after, Reconciliation& run) const;
  // One page of ours that are not over, by id; Stripe is asked for each that was in no page of its
  // list. Mended, one that Stripe does not know is over. Throws as StripeApi::get.
  // [fiber, suspends]
  Compared compare_own_page(std::string_view after, Reconciliation& run) const;

 private:
  std::optional<Difference> compare(const Json& subscription, std::int64_t as_of_s,
                                    Reconciliation& run) const;
  std::optional<Difference> compare_own(const std::string& id, Reconciliation& run) const;
  std::optional<Difference> unknown_at_stripe(const std::string& id, std::int64_t as_of_s,
                                              const Reconciliation& run) const;
  // Whether it is as the facts say now.
  bool mend(Facts facts) const;

  Plugin& plugin_;
  const StripeApi& api_;
  const ProjectionService& projection_;
};

}  // namespace calixo::billing
