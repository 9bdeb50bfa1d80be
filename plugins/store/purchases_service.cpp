#include "purchases_service.hpp"

#include <string>

namespace calixo::store {
namespace {

constexpr std::uint32_t kMinute_s = 60;
constexpr std::int32_t kWhole = 100;  // percent

// Staff holds the role of its work in the place of premium.
constexpr Roles kPremium = Role::premium | Role::moderator | Role::admin;

Cosmetic named(const CosmeticName& name) { return {name.category, name.item_id}; }

Uuid uuid_of(std::string_view text) { return Uuid::parse(text).value_or(Uuid()); }

Purchase told(const Order& order, const ItemForSale& item, const Sold& sold) {
  Purchase purchase;
  purchase.id = item.purchase_id;
  purchase.item = {order.item_id, item.slug, item.name};
  purchase.user_id = order.buyer;
  purchase.recipient_id = order.recipient;
  purchase.is_gift = order.is_gift();
  purchase.price = item.price - sold.discount;
  purchase.coupon = order.coupon;
  purchase.discount = sold.discount;
  purchase.created_at = sold.created_at.value_or(Timestamp());
  purchase.balance = sold.balance;
  return purchase;
}

}  // namespace

void PurchasesService::check(const Context& context, const Order& order,
                             const ItemForSale& item) const {
  require(item.is_buyer_there, Problem(401, "unauthorized"));
  require(item.is_recipient_there, not_found("recipient"));
  require(!item.premium_only || context.principal().has(kPremium), "premium_required");
  require(item.is_on_sale && (!item.cosmetic || avatar_), conflict("not_available"));
  require(!item.max_per_user || item.owned_count < *item.max_per_user, conflict("already_owned"));
  require(item.stock.value_or(1) > 0, conflict("out_of_stock"));
  require(!order.expected_price || *order.expected_price == item.price, conflict("price_changed"));
  require(!item.is_too_soon, Problem(429, "too_many_purchases").retry_after_s(kMinute_s));
}

// Rounded down, in the house's favour; one that would take nothing off is kept for another time.
std::int32_t PurchasesService::redeem(Transaction& tx, const Order& order,
                                      const ItemForSale& item) const {
  if (!order.coupon) return 0;
  require(static_cast<bool>(coupons_), conflict("not_available"));
  const std::string sale = "purchase:" + std::to_string(item.purchase_id);
  const std::int32_t percent = coupons_.redeem(
      tx, {.user_id = order.buyer, .code = *order.coupon, .sold_by = "store", .sold_for = sale});
  const std::int64_t discount = std::int64_t{item.price} * percent / kWhole;
  require(discount > 0, conflict("coupon_not_for_this"));
  return static_cast<std::int32_t>(discount);
}

void PurchasesService::unlock(Transaction& tx, const Order& order, const ItemForSale& item) const {
  if (!item.cosmetic) return;
  try {
    avatar_.unlock(tx, order.recipient, named(*item.cosmetic));
  } catch (const HostFailure& failure) {
    if (failure.status() == CALIXO_NOT_FOUND) throw conflict("not_available");
    throw;
  }
}

Purchase PurchasesService::buy(Context& context, const Order& order) const {
  return context.service_transaction([&](Transaction& tx) {
    const ItemForSale item =
        or_fail(lock_order(tx, context.language(), order, settings_.purchases_per_minute_max.get()),
                not_found("item"));
    check(context, order, item);
    const Sold sold = sell(tx, order, item, redeem(tx, order, item));
    require(sold.outcome == Outcome::moved, conflict("insufficient_funds"));
    require(sold.was_in_stock, conflict("out_of_stock"));
    unlock(tx, order, item);
    Purchase purchase = told(order, item, sold);
    purchased_.publish(tx, order.buyer,
                       {.purchase_id = purchase.id,
                        .item_id = order.item_id,
                        .item_slug = item.slug,
                        .user_id = uuid_of(order.buyer),
                        .recipient_id = uuid_of(order.recipient),
                        .price = purchase.price,
                        .purchased_at = purchase.created_at});
    return purchase;
  });
}

void PurchasesService::take_away(Transaction& tx, const PurchaseToRefund& purchase) const {
  if (!purchase.cosmetic || !purchase.recipient_id) return;
  require(static_cast<bool>(avatar_), conflict("not_available"));
  avatar_.take_away(tx, *purchase.recipient_id, named(*purchase.cosmetic));
}

Purchase PurchasesService::refund(Context& context, std::int64_t purchase_id) const {
  return context.service_transaction([&](Transaction& tx) {
    const PurchaseToRefund sold = or_fail(lock_purchase(tx, purchase_id), not_found("purchase"));
    require(sold.status == PurchaseStatus::paid, conflict("already_refunded"));
    // Nobody is there to be paid; the sale stands.
    require(sold.user_id.has_value(), conflict("payer_erased"));
    const std::int64_t balance = store::refund(tx, sold);
    take_away(tx, sold);
    Purchase purchase =
        or_fail(find_purchase(tx, context.language(), sold.id), not_found("purchase"));
    purchase.balance = balance;
    refunded_.publish(tx, *sold.user_id,
                      {.purchase_id = sold.id,
                       .item_id = sold.item_id,
                       .user_id = uuid_of(*sold.user_id),
                       .recipient_id = sold.recipient_id.value_or(""),
                       .amount = sold.price,
                       .refunded_at = purchase.refunded_at.value_or(Timestamp())});
    return purchase;
  });
}

}  // namespace calixo::store
