#include "reconcile_service.hpp"

#include <utility>

#include "facts.hpp"
#include "projection_store.hpp"
#include "stripe_object.hpp"

namespace calixo::billing {
namespace {

constexpr const char* kPage = "/v1/subscriptions?status=all&limit=100";
constexpr std::int64_t kOwnPage = 100;

// As if Stripe had just told of it.
Json told(const Json& subscription, std::int64_t as_of_s) {
  return {{"type", "customer.subscription.updated"},
          {"created", as_of_s},
          {"data", {{"object", subscription}}}};
}

// By an event: a row may also have been made here, of what another account's key found.
bool is_told_of(const SubscriptionRow& row) { return row.rank < kRankFetched; }

bool is_over(const SubscriptionRow& row) {
  return row.status == "canceled" || row.status == "incomplete_expired";
}

}  // namespace

Compared ReconcileService::compare_page(const std::optional<std::string>& after,
                                        Reconciliation& run) const {
  const StripeAnswer page = api_.get(kPage + (after ? "&starting_after=" + *after : ""));
  const auto* items = items_at(page.body, {});
  if (items == nullptr) throw std::runtime_error("Stripe's answer is no list");
  Compared compared;
  for (const Json& subscription : *items) {
    ++compared.count;
    if (auto found = compare(subscription, page.as_of_s, run)) {
      compared.differences.push_back(std::move(*found));
    }
  }
  if (is_true_at(page.body, {"has_more"}) && !items->empty()) {
    compared.next = text_at(items->back(), {"id"});
  }
  return compared;
}

Compared ReconcileService::compare_own_page(std::string_view after, Reconciliation& run) const {
  Database db = plugin_.service_db();
  const std::vector<std::string> ids = open_subscriptions(db, after, kOwnPage);
  Compared compared;
  for (const std::string& id : ids) {
    if (run.at_stripe.contains(id)) continue;
    ++compared.count;
    if (auto found = compare_own(id, run)) compared.differences.push_back(std::move(*found));
  }
  if (ids.size() == kOwnPage) compared.next = ids.back();
  return compared;
}

std::optional<Difference> ReconcileService::compare(const Json& subscription, std::int64_t as_of_s,
                                                    Reconciliation& run) const {
  Facts facts = facts_of(told(subscription, as_of_s));
  SubscriptionRow& theirs = *facts.subscription;
  run.at_stripe.insert(theirs.id);
  Database db = plugin_.service_db();
  const auto ours = find_subscription(db, theirs.id);
  run.is_our_account |= ours && is_told_of(*ours);
  if (ours && ours->state() == theirs.state() && !ours->is_tied) return std::nullopt;
  Difference found{theirs.id, ours ? ours->status : "", theirs.status};
  theirs.rank = kRankFetched;
  found.is_mended = run.is_mending && mend(std::move(facts));
  return found;
}

std::optional<Difference> ReconcileService::compare_own(const std::string& id,
                                                        Reconciliation& run) const {
  const StripeAnswer answer = api_.find("/v1/subscriptions/" + id);
  if (answer.body.is_null()) return unknown_at_stripe(id, answer.as_of_s, run);
  return compare(answer.body, answer.as_of_s, run);
}

std::optional<Difference> ReconcileService::unknown_at_stripe(const std::string& id,
                                                              std::int64_t as_of_s,
                                                              const Reconciliation& run) const {
  Database db = plugin_.service_db();
  auto ours = find_subscription(db, id);
  if (!ours || is_over(*ours)) return std::nullopt;  // meanwhile
  Difference found{id, ours->status, ""};
  if (!run.is_mending || !run.is_our_account) return found;
  Facts facts;
  facts.customer_id = ours->customer_id;
  facts.subscription = std::move(*ours);
  facts.subscription->status = "canceled";
  static_cast<Stamp&>(*facts.subscription) = {as_of_s, kRankFetched};
  facts.subscription->is_tied = false;
  found.is_mended = mend(std::move(facts));
  return found;
}

bool ReconcileService::mend(Facts facts) const {
  return plugin_.service_transaction([&](Transaction& tx) {
    projection_.take(tx, {facts});
    const auto now = find_subscription(tx, facts.subscription->id);
    return now && now->state() == facts.subscription->state();
  });
}

}  // namespace calixo::billing
