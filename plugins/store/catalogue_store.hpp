// What is on sale, as clients see it: SQL and nothing else. Every call suspends its fiber and runs
// as the caller, under the policies.
#pragma once

#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::store {

// What of the avatar's catalogue an item unlocks.
struct CosmeticName {
  std::string category;
  std::string item_id;
};
BOOST_DESCRIBE_STRUCT(CosmeticName, (), (category, item_id))
CALIXO_RULES(CosmeticName) {
  rules.title("StoreCosmetic");
  rules.at<&CosmeticName::category>().length(1, 32);
  rules.at<&CosmeticName::item_id>().length(1, 64);
}

struct OfferedItem {
  std::int32_t id = 0;
  std::string slug;
  std::string category;
  std::string name;
  std::string description;
  std::int32_t price = 0;
  bool premium_only = false;
  bool owned = false;
  bool in_stock = true;
  bool is_available = true;
  std::optional<CosmeticName> cosmetic;
  std::optional<std::int32_t> max_per_user;
  std::optional<Timestamp> available_until;
};
BOOST_DESCRIBE_STRUCT(OfferedItem, (),
                      (id, slug, category, name, description, price, premium_only, owned, in_stock,
                       is_available, cosmetic, max_per_user, available_until))
CALIXO_RULES(OfferedItem) {
  rules.title("StoreItem");
  rules.at<&OfferedItem::name>().describe("In the caller's language");
  rules.at<&OfferedItem::owned>().describe("Whether the caller bought one or was given one");
  rules.at<&OfferedItem::is_available>().describe(
      "Whether this server can hand it out: false for a cosmetic where it keeps no avatars");
  rules.at<&OfferedItem::cosmetic>().describe("What it unlocks for the avatar; null: nothing");
  rules.at<&OfferedItem::max_per_user>().describe("How many one person may have; null: any number");
  rules.at<&OfferedItem::available_until>().describe("End of sale; null: not set");
}

// With the caller's balance: nothing for an anonymous one.
struct Offer {
  std::optional<std::int64_t> balance;
  std::vector<OfferedItem> items;
};

// In one round trip.
Offer list_on_sale(Database& db, std::string_view language,
                   const std::optional<std::string_view>& user_id,
                   const std::optional<std::string>& category, bool has_avatars,
                   const Slice& slice);

}  // namespace calixo::store
