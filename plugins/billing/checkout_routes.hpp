// POST /api/billing/checkout and /portal: where a person goes to pay, and to change or end it.
#pragma once

#include <calixo/plugin.hpp>

#include "checkout_service.hpp"

namespace calixo::billing {

void register_checkout_routes(Plugin& plugin, const CheckoutService& checkout);

}  // namespace calixo::billing
