#include "refetch_service.hpp"

#include <chrono>

#include "facts.hpp"
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
      job_(plugin.job<Refetch>("refetch", [this](JobContext& job, const Refetch& wanted) {
        run(job, wanted.subscription_id);
      })) {}

void RefetchService::order(Transaction& tx, const SubscriptionRow& row, Timestamp now) const {
  if (!api_.is_configured() || !is_stripe_id(row.id)) return;
  const std::string key = row.id + ':' + std::to_string(row.created_s);
  job_.enqueue(tx, {row.id}, {.not_before = now + kOver, .unique_key = key});
}

void RefetchService::run(JobContext& job, const std::string& subscription_id) const {
  Json answer;
  try {
    answer = api_.get("/v1/subscriptions/" + subscription_id);
  } catch (const StripeRefusal& refusal) {
    if (refusal.status() != kNotFound) throw;
    throw GiveUp("Stripe knows no such subscription");
  }
  job.transaction([&](Transaction& tx) { take(tx, subscription_id, answer); });
}

// What came meanwhile of a later second counts more than the answer.
void RefetchService::take(Transaction& tx, const std::string& subscription_id,
                          const Json& answer) const {
  const auto before = find_subscription(tx, subscription_id);
  if (!before) return;  // erased meanwhile
  const auto link = lock_customer(tx, before->customer_id);
  const auto present = find_subscription(tx, subscription_id);
  if (!present || !present->is_tied) return;
  try {
    save_subscription(tx, join(*present, fetched_subscription(answer, *present)));
  } catch (const UnreadableEvent& unreadable) {
    throw GiveUp(std::string("Stripe's answer can't be read: ") + unreadable.what());
  }
  if (link) premium_.settle(tx, link->user_id);
}

}  // namespace calixo::billing
