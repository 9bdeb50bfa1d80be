// The wiring of the billing plugin: which part stands on which.
#pragma once

#include <calixo/plugin.hpp>

#include "billing/inbox_service.hpp"
#include "billing/premium_service.hpp"
#include "billing/refetch_service.hpp"
#include "billing/settings.hpp"
#include "billing/stripe_api.hpp"
#include "billing/webhook_routes.hpp"

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
  InboxService inbox_;
  WebhookRoutes webhook_;
};

}  // namespace calixo::billing
