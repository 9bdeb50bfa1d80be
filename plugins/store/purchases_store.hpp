// Purchases in the database: SQL and nothing else. Every call suspends its fiber; those that take a
// Transaction run in it, as the service.
#pragma once

#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue_store.hpp"
#include "ledger_store.hpp"

namespace calixo::store {

enum class PurchaseStatus { paid, refunded };
BOOST_DESCRIBE_ENUM(PurchaseStatus, paid, refunded)

// As its people see it.
struct Purchase {
  std::int64_t id = 0;
  MovedItem item;
  std::optional<std::string> user_id;
  std::optional<std::string> recipient_id;
  bool is_gift = false;
  std::int32_t price = 0;
  std::optional<std::string> coupon;
  std::int32_t discount = 0;
  PurchaseStatus status = PurchaseStatus::paid;
  Timestamp created_at;
  std::optional<Timestamp> refunded_at;
  std::optional<std::int64_t> balance;
};
BOOST_DESCRIBE_STRUCT(Purchase, (),
                      (id, item, user_id, recipient_id, is_gift, price, coupon, discount, status,
                       created_at, refunded_at, balance))
CALIXO_RULES(Purchase) {
  rules.at<&Purchase::user_id>().describe("Who paid; null: their account was erased");
  rules.at<&Purchase::recipient_id>().describe("Whose it is; null: their account was erased");
  rules.at<&Purchase::price>().describe("What was paid");
  rules.at<&Purchase::coupon>().describe("The code that took something off; null: none");
  rules.at<&Purchase::discount>().describe("What it took off: the price was that much higher");
  rules.at<&Purchase::balance>().omit_empty().describe(
      "What the payer may spend now; only in the answer to a purchase or a refund");
}

// Who buys what for whom.
struct Order {
  std::string_view buyer;
  std::string_view recipient;  // the buyer, but for a gift
  std::int32_t item_id = 0;
  std::optional<std::int32_t> expected_price;  // before a coupon
  std::optional<std::string> coupon;           // in capitals

  bool is_gift() const { return buyer != recipient; }
};

// What decides an order; nobody else changes it until the transaction ends, save the stock.
struct ItemForSale {
  std::string slug;
  std::string name;  // in the caller's language
  std::int32_t price = 0;
  bool premium_only = false;
  bool is_on_sale = false;
  std::optional<std::int32_t> stock;
  std::optional<std::int32_t> max_per_user;
  std::optional<CosmeticName> cosmetic;
  std::int64_t owned_count = 0;     // by the recipient
  bool is_buyer_there = false;      // false: erased, with a token that still holds
  bool is_recipient_there = false;  // a person at all
  bool is_too_soon = false;         // after the last so many purchases
  std::int64_t purchase_id = 0;     // for the purchase that comes of it
};
BOOST_DESCRIBE_STRUCT(ItemForSale, (),
                      (slug, name, price, premium_only, is_on_sale, stock, max_per_user, cosmetic,
                       owned_count, is_buyer_there, is_recipient_there, is_too_soon, purchase_id))

// What came of a sale: nothing is sold unless it moved and was there.
struct Sold {
  Outcome outcome = Outcome::moved;
  std::int64_t balance = 0;
  std::optional<Timestamp> created_at;
  bool was_in_stock = true;
  std::int32_t discount = 0;
};

// A purchase that is locked for its refund.
struct PurchaseToRefund {
  std::int64_t id = 0;
  std::optional<std::string> user_id;
  std::optional<std::string> recipient_id;
  std::int32_t item_id = 0;
  std::int32_t price = 0;
  PurchaseStatus status = PurchaseStatus::paid;
  std::optional<CosmeticName> cosmetic;
};
BOOST_DESCRIBE_STRUCT(PurchaseToRefund, (),
                      (id, user_id, recipient_id, item_id, price, status, cosmetic))

// Locks the buyer's account, then what the recipient has of the item; nothing where there is no
// such item. In this order everywhere, the item's row next, so that no two wait for each other.
std::optional<ItemForSale> lock_order(Transaction& tx, std::string_view language,
                                      const Order& order, std::int64_t per_minute_max);
// Pays what the item costs less the discount, notes the purchase, takes one out of the stock.
Sold sell(Transaction& tx, const Order& order, const ItemForSale& item, std::int32_t discount);

std::optional<PurchaseToRefund> lock_purchase(Transaction& tx, std::int64_t id);
// Gives the money back to the payer, who is there, marks the purchase, puts one into the stock. The
// payer's balance.
std::int64_t refund(Transaction& tx, const PurchaseToRefund& purchase);

std::optional<Purchase> find_purchase(Database& db, std::string_view language, std::int64_t id);
// What the person has, was given or gave away, newest first. As the caller, under the policies.
std::vector<Purchase> list_purchases(Database& db, std::string_view language,
                                     std::string_view user_id, const Slice& slice);

}  // namespace calixo::store
