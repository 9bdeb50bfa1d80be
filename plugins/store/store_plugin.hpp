// The wiring of the store plugin: which part stands on which.
#pragma once

#include <calixo/avatar.hpp>
#include <calixo/coupons.hpp>
#include <calixo/plugin.hpp>

#include "adjustments_service.hpp"
#include "items_service.hpp"
#include "purchases_service.hpp"
#include "settings.hpp"
#include "wallet_service.hpp"

namespace calixo::store {

class StorePlugin {
 public:
  // Registers everything. [startup]
  explicit StorePlugin(Plugin& plugin);

 private:
  Settings settings_;
  Avatar avatar_;
  Coupons coupons_;
  WalletService wallet_;
  PurchasesService purchases_;
  ItemsService items_;
  AdjustmentsService adjustments_;
};

}  // namespace calixo::store
