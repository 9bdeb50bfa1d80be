#include "cancellation_service.hpp"

#include <chrono>

#include "cancellation_store.hpp"

namespace calixo::billing {
namespace {

constexpr std::int64_t kAtOnce = 20;
constexpr int kNotFound = 404;

}  // namespace

CancellationService::CancellationService(Plugin& plugin, const StripeApi& api)
    : plugin_(plugin), api_(api) {
  plugin.every(std::chrono::seconds(10), "cancel_erased", [this](JobContext&) { run(); });
}

// What can't be ended now stays for the next time; without a key, for when there is one.
void CancellationService::run() const {
  if (!api_.is_configured()) return;
  Database db = plugin_.service_db();
  for (const std::string& id : ordered_cancellations(db, kAtOnce)) {
    if (cancel(id)) forget_cancellation(db, id);
  }
}

bool CancellationService::cancel(const std::string& subscription_id) const {
  if (!is_stripe_id(subscription_id)) return true;
  try {
    api_.remove("/v1/subscriptions/" + subscription_id);
  } catch (const StripeRefusal& refusal) {
    if (refusal.status() == kNotFound) return true;  // it is over already
    plugin_.log().error("subscription of an erased account not cancelled",
                        {{"subscription_id", subscription_id}, {"reason", refusal.what()}});
    return false;
  }
  return true;
}

}  // namespace calixo::billing
