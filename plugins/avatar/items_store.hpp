// The catalogue of cosmetics as administrators keep it: SQL and nothing else. Every call suspends
// its fiber and runs as the caller, under the policies.
#pragma once

#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::avatar {

struct CatalogueItem {
  std::int32_t id = 0;
  std::string category;
  std::string item_id;
  std::string name;
  std::string name_en;
  std::optional<std::int32_t> unlock_level, unlock_streak;
  bool is_active = true;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(CatalogueItem, (),
                      (id, category, item_id, name, name_en, unlock_level, unlock_streak, is_active,
                       created_at))
CALIXO_RULES(CatalogueItem) {
  rules.title("Cosmetic");
  rules.at<&CatalogueItem::unlock_level>().describe("The level that unlocks it; null: none does");
  rules.at<&CatalogueItem::unlock_streak>().describe(
      "The days of streak that unlock it; null: none do");
  rules.at<&CatalogueItem::is_active>().describe("false: retired; who has it keeps it");
}

// What is written; an empty member keeps what is there, 0 stands for null.
struct ItemChange {
  std::optional<std::string> name, name_en;
  std::optional<std::int32_t> unlock_level, unlock_streak;
  std::optional<bool> is_active;
};

std::vector<CatalogueItem> list_items(Database& db, const std::optional<std::string>& category,
                                      std::optional<bool> is_active, const Slice& slice);
std::optional<CatalogueItem> find_item(Database& db, std::int32_t id);
// DbError with a unique violation where the category has such an item.
CatalogueItem insert_item(Database& db, std::string_view category, std::string_view item_id,
                          const ItemChange& made);
std::optional<CatalogueItem> update_item(Database& db, std::int32_t id, const ItemChange& change);
// False where there is none; DbError with a foreign key violation where somebody unlocked it.
bool delete_item(Database& db, std::int32_t id);

}  // namespace calixo::avatar
