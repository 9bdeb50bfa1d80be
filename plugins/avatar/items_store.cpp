#include "items_store.hpp"

namespace calixo::avatar {
namespace {

constexpr std::string_view kColumns =
    " id, category, item_id, name, name_en, unlock_level, unlock_streak, is_active, created_at ";

}  // namespace

std::vector<CatalogueItem> list_items(Database& db, const std::optional<std::string>& category,
                                      std::optional<bool> is_active, const Slice& slice) {
  static const std::string kSql = "select" + std::string(kColumns) + R"(from avatar_items
    where id > $1::bigint and ($2::text is null or category = $2)
      and ($3::boolean is null or is_active = $3)
    order by id limit $4)";
  return db.query(kSql, slice.after_id.value_or(0), category, is_active, slice.limit + 1)
      .as<CatalogueItem>();
}

std::optional<CatalogueItem> find_item(Database& db, std::int32_t id) {
  static const std::string kSql =
      "select" + std::string(kColumns) + "from avatar_items where id = $1";
  return db.query(kSql, id).first<CatalogueItem>();
}

CatalogueItem insert_item(Database& db, std::string_view category, std::string_view item_id,
                          const ItemChange& made) {
  static const std::string kSql = R"(
    insert into avatar_items (category, item_id, name, name_en, unlock_level, unlock_streak,
                              is_active)
    values ($1, $2, $3, $4, nullif($5::integer, 0), nullif($6::integer, 0), coalesce($7, true))
    returning)" + std::string(kColumns);
  return db
      .query(kSql, category, item_id, made.name, made.name_en, made.unlock_level,
             made.unlock_streak, made.is_active)[0]
      .as<CatalogueItem>();
}

std::optional<CatalogueItem> update_item(Database& db, std::int32_t id, const ItemChange& change) {
  static const std::string kSql = R"(
    update avatar_items set
      name = coalesce($2, name), name_en = coalesce($3, name_en),
      unlock_level = nullif(coalesce($4::integer, unlock_level), 0),
      unlock_streak = nullif(coalesce($5::integer, unlock_streak), 0),
      is_active = coalesce($6, is_active)
    where id = $1 returning)" + std::string(kColumns);
  return db
      .query(kSql, id, change.name, change.name_en, change.unlock_level, change.unlock_streak,
             change.is_active)
      .first<CatalogueItem>();
}

bool delete_item(Database& db, std::int32_t id) {
  return db.execute("delete from avatar_items where id = $1", id) == 1;
}

}  // namespace calixo::avatar
