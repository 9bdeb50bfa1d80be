// What the store's plugin tells the others: the payloads of its topics.
//
//   plugin.on<calixo::StorePurchased>(calixo::kStorePurchased, "thank", &thank);
#pragma once

#include <calixo/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace calixo {

// The topic of StorePurchased. Its key is the payer's id: one person's come in order.
inline constexpr std::string_view kStorePurchased = "store.purchased";
// The topic of StoreRefunded, with the same key.
inline constexpr std::string_view kStoreRefunded = "store.refunded";

// Somebody bought an item; published in the commit that paid for it.
struct StorePurchased {
  std::int64_t purchase_id = 0;  // the same for ever
  std::int32_t item_id = 0;      // of the store
  std::string item_slug;         // "wild-flowers"
  Uuid user_id;                  // who paid
  Uuid recipient_id;             // whose it is: another's where it is a gift
  std::int64_t price = 0;        // paid, in the in-app currency
  Timestamp purchased_at;        // by the database's clock
};
BOOST_DESCRIBE_STRUCT(StorePurchased, (),
                      (purchase_id, item_id, item_slug, user_id, recipient_id, price, purchased_at))

// An administrator gave the money back and took the item away; published in that commit.
struct StoreRefunded {
  std::int64_t purchase_id = 0;  // as StorePurchased told it
  std::int32_t item_id = 0;      // of the store
  Uuid user_id;                  // who got the money
  std::string recipient_id;      // whose it was; empty: their account was erased meanwhile
  std::int64_t amount = 0;       // given back
  Timestamp refunded_at;         // by the database's clock
};
BOOST_DESCRIBE_STRUCT(StoreRefunded, (),
                      (purchase_id, item_id, user_id, recipient_id, amount, refunded_at))

}  // namespace calixo
