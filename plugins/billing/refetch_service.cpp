#include "refetch_service.hpp"

#include <chrono>

#include "facts.hpp"
#include "job_key.hpp"
#include "projection_store.hpp"

namespace calixo::billing {
namespace {

// Two events of one second have happened when the second comes to be applied: so much later that
// second is over by any clock, and the answer is younger than all that is told of it.
constexpr std::chrono::seconds kOver{2};
constexpr int kNotFound = 404;

}  // namespace

RefetchService::RefetchService(Plugin& plugin, const StripeApi& api, const PremiumService& premium)
    : api_(api),
      premium_(premium),
      job_(plugin.job<Refetch>(
          "refetch", [this](JobContext& job, const Refetch& wanted) { run(job, wanted); })) {}

void RefetchService::order(Transaction& tx, const SubscriptionRow& row, Timestamp now) const {
  if (!api_.is_configured() || !is_stripe_id(row.id)) return;
  const std::string key = row.id + ':' + std::to_string(row.created_s);
  job_.enqueue(tx, {row.id, row.customer_id},
               {.not_before = now + kOver, .unique_key = job_key(key)});
}

void RefetchService::run(JobContext& job, const Refetch& wanted) const {
  Json answer;
  try {
    answer = api_.get("/v1/subscriptions/" + wanted.subscription_id).body;
  } catch (const StripeRefusal& refusal) {
    if (refusal.status() != kNotFound) throw;
    throw GiveUp("Stripe knows no such subscription");
  }
  job.transaction([&](Transaction& tx) { take(tx, wanted, answer); });
}

// What came meanwhile of a later second counts more than the answer.
void RefetchService::take(Transaction& tx, const Refetch& wanted, const Json& answer) const {
  const auto link = lock_customer(tx, wanted.customer_id);
  const auto present = find_subscription(tx, wanted.subscription_id);
  if (!present || !present->is_tied) return;  // erased or decided meanwhile
  try {
    save_subscriptions(tx, {join(*present, fetched_subscription(answer, *present))});
  } catch (const UnreadableEvent& unreadable) {
    throw GiveUp(std::string("Stripe's answer can't be read: ") + unreadable.what());
  }
  if (link) premium_.settle(tx, link->user_id);
}

}  // namespace calixo::billing
