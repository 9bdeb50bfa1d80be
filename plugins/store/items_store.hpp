// Items as administrators keep them: SQL and nothing else. Every call suspends its fiber and runs
// as the caller, under the policies.
#pragma once

#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue_store.hpp"

namespace calixo::store {

struct Item {
  std::int32_t id = 0;
  std::string slug;
  std::string category;
  std::string name;
  std::string name_en;
  std::string description;
  std::string description_en;
  std::int32_t price = 0;
  bool premium_only = false;
  bool is_active = true;
  std::optional<std::int32_t> stock;
  std::optional<std::int32_t> max_per_user;
  std::optional<CosmeticName> cosmetic;
  std::optional<Timestamp> available_from;
  std::optional<Timestamp> available_until;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Item, (),
                      (id, slug, category, name, name_en, description, description_en, price,
                       premium_only, is_active, stock, max_per_user, cosmetic, available_from,
                       available_until, created_at, updated_at))
CALIXO_RULES(Item) {
  rules.title("StoreItemRecord");
  rules.at<&Item::stock>().describe("How many are left; null: any number");
  rules.at<&Item::max_per_user>().describe("How many one person may have; null: any number");
}

// The members that may be unset.
enum class Unset { stock, max_per_user, cosmetic, available_from, available_until };
BOOST_DESCRIBE_ENUM(Unset, stock, max_per_user, cosmetic, available_from, available_until)

// What is written; an empty member keeps what is there, unless it is unset.
struct ItemChange {
  std::optional<std::string> slug, category, name, name_en, description, description_en;
  std::optional<std::int32_t> price, stock, max_per_user;
  std::optional<bool> premium_only, is_active;
  std::optional<CosmeticName> cosmetic;
  std::optional<Timestamp> available_from, available_until;
  std::vector<Unset> unset;
};

struct ItemFilter {
  std::optional<std::string> category;
  std::optional<bool> is_active;
};

std::vector<Item> list_items(Database& db, const ItemFilter& filter, const Slice& slice);
std::optional<Item> find_item(Database& db, std::int32_t id);
// DbError: a unique violation where the slug is taken, a check violation where it ends before it
// begins.
Item insert_item(Database& db, const ItemChange& made);
// Nothing where there is none; DbError as above.
std::optional<Item> update_item(Database& db, std::int32_t id, const ItemChange& change);
// False where there is none; DbError with a foreign key violation where it was ever sold.
bool delete_item(Database& db, std::int32_t id);

}  // namespace calixo::store
