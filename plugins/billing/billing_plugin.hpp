// The wiring of the billing plugin: which part stands on which.
#pragma once

#include <calixo/plugin.hpp>

#include "cancellation_service.hpp"
#include "checkout_service.hpp"
#include "coupons/coupons_service.hpp"
#include "coupons/redemptions_service.hpp"
#include "inbox_service.hpp"
#include "premium_service.hpp"
#include "projection_service.hpp"
#include "reconcile_service.hpp"
#include "refetch_service.hpp"
#include "settings.hpp"
#include "stripe_api.hpp"
#include "webhook_routes.hpp"

namespace calixo::billing {

class BillingPlugin {
 public:
  // Registers everything. [startup]
  explicit BillingPlugin(Plugin& plugin);

 private:
  Settings settings_;
  StripeApi api_;
  PremiumService premium_;
  RefetchService refetch_;
  RedemptionsService redemptions_;
  ProjectionService projection_;
  InboxService inbox_;
  WebhookRoutes webhook_;
  CheckoutService checkout_;
  CouponsService coupons_;
  ReconcileService reconcile_;
  CancellationService cancellations_;
};

}  // namespace calixo::billing
