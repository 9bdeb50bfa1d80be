#include "reconcile_service.hpp"

#include "facts.hpp"
#include "projection_store.hpp"
#include "stripe_object.hpp"

namespace calixo::billing {
namespace {

constexpr const char* kPage = "/v1/subscriptions?status=all&limit=100";

// As if Stripe had just told of it.
Json told(const Json& subscription, std::int64_t as_of_s) {
  return {{"type", "customer.subscription.updated"},
          {"created", as_of_s},
          {"data", {{"object", subscription}}}};
}

}  // namespace

Compared ReconcileService::compare_page(const std::optional<std::string>& after,
                                        bool is_mending) const {
  const StripeAnswer page = api_.get(kPage + (after ? "&starting_after=" + *after : ""));
  const auto* items = items_at(page.body, {});
  if (items == nullptr) throw std::runtime_error("Stripe's answer is no list");
  Compared compared;
  for (const Json& subscription : *items) {
    ++compared.count;
    if (auto found = compare(subscription, page.as_of_s, is_mending)) {
      compared.differences.push_back(std::move(*found));
    }
  }
  if (is_true_at(page.body, {"has_more"}) && !items->empty()) {
    compared.next = text_at(items->back(), {"id"});
  }
  return compared;
}

std::optional<Difference> ReconcileService::compare(const Json& subscription, std::int64_t as_of_s,
                                                    bool is_mending) const {
  Facts facts = facts_of(told(subscription, as_of_s));
  SubscriptionRow& theirs = *facts.subscription;
  Database db = plugin_.service_db();
  const auto ours = find_subscription(db, theirs.id);
  if (ours && ours->state() == theirs.state() && !ours->is_tied) return std::nullopt;
  Difference found{theirs.id, ours ? ours->status : "", theirs.status};
  if (!is_mending) return found;
  theirs.rank = kRankFetched;
  plugin_.service_transaction([&](Transaction& tx) {
    inbox_.take(tx, facts);
    found.is_mended = find_subscription(tx, theirs.id)->state() == theirs.state();
  });
  return found;
}

}  // namespace calixo::billing
