// What is bought, given and refunded: money, stock and cosmetic move in one transaction or not at
// all. Locks are taken in one order everywhere: the purchase that is refunded, the payer's account,
// what the recipient has of the item, the coupon, the item, the avatar.
#pragma once

#include <calixo/avatar.hpp>
#include <calixo/coupons.hpp>
#include <calixo/plugin.hpp>
#include <calixo/store_events.hpp>

#include <cstdint>

#include "purchases_store.hpp"
#include "settings.hpp"

namespace calixo::store {

// [fiber, suspends]
class PurchasesService {
 public:
  PurchasesService(Plugin& plugin, const Settings& settings, const Avatar& avatar,
                   const Coupons& coupons)
      : settings_(settings),
        avatar_(avatar),
        coupons_(coupons),
        purchased_(plugin.event<StorePurchased>(kStorePurchased, "Somebody bought an item.")),
        refunded_(plugin.event<StoreRefunded>(
            kStoreRefunded, "A purchase was undone: money given back, item taken away.")) {}

  // 404 item_not_found, recipient_not_found; 403 premium_required; 409 not_available,
  // price_changed, already_owned, out_of_stock, insufficient_funds, gift_to_oneself; 429
  // too_many_purchases; where a coupon is given 404 coupon_not_found, 409 coupon_expired,
  // coupon_exhausted, coupon_used, coupon_not_for_this, and not_available where there are none.
  Purchase buy(Context& context, const Order& order) const;
  // 404 purchase_not_found; 409 already_refunded, payer_erased, not_available where there are no
  // avatars to take the cosmetic from.
  Purchase refund(Context& context, std::int64_t purchase_id) const;

 private:
  void check(const Context& context, const Order& order, const ItemForSale& item) const;
  // What is taken off the price, by the order's coupon, which is redeemed.
  std::int32_t redeem(Transaction& tx, const Order& order, const ItemForSale& item) const;
  void unlock(Transaction& tx, const Order& order, const ItemForSale& item) const;
  void take_away(Transaction& tx, const PurchaseToRefund& purchase) const;

  const Settings& settings_;
  const Avatar& avatar_;
  const Coupons& coupons_;
  Topic<StorePurchased> purchased_;
  Topic<StoreRefunded> refunded_;
};

}  // namespace calixo::store
