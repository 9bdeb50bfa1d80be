#include "billing_plugin.hpp"

#include <calixo/personal_data.hpp>

#include <chrono>

#include "cancellation_store.hpp"
#include "checkout_routes.hpp"
#include "coupons/coupons_routes.hpp"
#include "events_commands.hpp"
#include "inbox_store.hpp"
#include "plan_routes.hpp"
#include "reconcile_command.hpp"
#include "subscription_routes.hpp"

namespace calixo::billing {
namespace {

constexpr std::int64_t kForgottenAtOnce = 1000;

// An event's id stays, so that it is known if it comes again; what it said goes.
void register_personal_data(Plugin& plugin) {
  plugin.personal_data("billing")
      .table("subscriptions", "select * from subscriptions where user_id = $1")
      .table("customers", "select * from stripe_customers where user_id = $1")
      .table("payments",
             "select p.* from stripe_payments p join stripe_customers c on c.id = p.customer_id "
             "where c.user_id = $1")
      .table("events",
             "select e.id, e.type, e.created_at, e.body from stripe_events e "
             "join stripe_customers c on c.id = e.customer_id where c.user_id = $1")
      // At erasure the counts stay, and forget whose they were: the foreign key sets null.
      .table("coupon_redemptions",
             "select c.code, r.sold_for, r.created_at from coupon_redemptions r "
             "join coupons c on c.id = r.coupon_id where r.user_id = $1")
      .table("cancellations",
             "select c.* from stripe_cancellations c "
             "join subscriptions s on s.stripe_subscription_id = c.subscription_id "
             "where s.user_id = $1")
      .erase(
          "update stripe_events e set body = '' from stripe_customers c "
          "where c.id = e.customer_id and c.user_id = $1")
      .erase(kOrderCancellations)
      .erase("delete from stripe_customers where user_id = $1");
}

}  // namespace

BillingPlugin::BillingPlugin(Plugin& plugin)
    : settings_(plugin),
      api_(plugin, settings_),
      premium_(plugin, settings_),
      refetch_(plugin, api_, premium_),
      redemptions_(plugin, settings_),
      projection_(plugin, premium_, refetch_, redemptions_),
      inbox_(plugin, projection_),
      webhook_(plugin, settings_, inbox_),
      checkout_(plugin, settings_, api_, redemptions_),
      coupons_(settings_),
      reconcile_(plugin, api_, projection_),
      cancellations_(plugin, api_) {
  register_reconcile_command(plugin, reconcile_);
  register_checkout_routes(plugin, checkout_);
  register_coupon_routes(plugin, coupons_);
  register_plan_routes(plugin, settings_);
  register_subscription_routes(plugin, premium_);
  register_events_commands(plugin, inbox_);
  register_personal_data(plugin);
  plugin.every(std::chrono::hours(1), "forget_event_bodies", [&plugin, this](JobContext&) {
    Database db = plugin.service_db();
    const std::int64_t days = settings_.event_body_retention_days.get();
    while (forget_bodies(db, days, kForgottenAtOnce) == kForgottenAtOnce) {
    }
  });
}

}  // namespace calixo::billing
