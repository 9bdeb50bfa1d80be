// Subscriptions, as Stripe tells of them, and promotional codes.
#include <calixo/plugin.hpp>

#include "billing_plugin.hpp"

CALIXO_PLUGIN("billing", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.own<calixo::billing::BillingPlugin>(plugin);
}
