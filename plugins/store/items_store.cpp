#include "items_store.hpp"

#include <algorithm>

namespace calixo::store {
namespace {

constexpr std::string_view kColumns = R"(
  id, slug, category, name, name_en, description, description_en, price, premium_only, is_active,
  stock, max_per_user, available_from, available_until, created_at, updated_at,
  case when cosmetic_item is not null then json_build_object(
    'category', cosmetic_category, 'item_id', cosmetic_item) end as cosmetic )";

std::optional<std::string> category_of(const std::optional<CosmeticName>& cosmetic) {
  return cosmetic ? std::optional(cosmetic->category) : std::nullopt;
}
std::optional<std::string> item_of(const std::optional<CosmeticName>& cosmetic) {
  return cosmetic ? std::optional(cosmetic->item_id) : std::nullopt;
}

}  // namespace

std::vector<Item> list_items(Database& db, const ItemFilter& filter, const Slice& slice) {
  static const std::string kSql = "select" + std::string(kColumns) + R"(from store_items
    where id > $1::bigint and ($2::text is null or category = $2)
      and ($3::boolean is null or is_active = $3)
    order by id limit $4)";
  return db
      .query(kSql, slice.after_id.value_or(0), filter.category, filter.is_active, slice.limit + 1)
      .as<Item>();
}

std::optional<Item> find_item(Database& db, std::int32_t id) {
  static const std::string kSql =
      "select" + std::string(kColumns) + "from store_items where id = $1";
  return db.query(kSql, id).first<Item>();
}

Item insert_item(Database& db, const ItemChange& made) {
  static const std::string kSql = R"(
    insert into store_items (slug, category, name, name_en, description, description_en, price,
                             premium_only, is_active, stock, max_per_user, cosmetic_category,
                             cosmetic_item, available_from, available_until)
    values ($1, $2, $3, $4, coalesce($5, ''), coalesce($6, ''), $7, coalesce($8, false),
            coalesce($9, true), $10, $11, $12, $13, $14, $15)
    returning)" + std::string(kColumns);
  return db
      .query(kSql, made.slug, made.category, made.name, made.name_en, made.description,
             made.description_en, made.price, made.premium_only, made.is_active, made.stock,
             made.max_per_user, category_of(made.cosmetic), item_of(made.cosmetic),
             made.available_from, made.available_until)[0]
      .as<Item>();
}

std::optional<Item> update_item(Database& db, std::int32_t id, const ItemChange& change) {
  static const std::string kSql = R"(
    update store_items set
      slug = coalesce($2, slug), category = coalesce($3, category), name = coalesce($4, name),
      name_en = coalesce($5, name_en), description = coalesce($6, description),
      description_en = coalesce($7, description_en), price = coalesce($8, price),
      premium_only = coalesce($9, premium_only), is_active = coalesce($10, is_active),
      stock = case when $11 then null else coalesce($12, stock) end,
      max_per_user = case when $13 then null else coalesce($14, max_per_user) end,
      cosmetic_category = case when $15 then null else coalesce($16, cosmetic_category) end,
      cosmetic_item = case when $15 then null else coalesce($17, cosmetic_item) end,
      available_from = case when $18 then null else coalesce($19, available_from) end,
      available_until = case when $20 then null else coalesce($21, available_until) end,
      updated_at = now()
    where id = $1 returning)" + std::string(kColumns);
  const auto is_unset = [&](Unset member) {
    return std::find(change.unset.begin(), change.unset.end(), member) != change.unset.end();
  };
  return db
      .query(kSql, id, change.slug, change.category, change.name, change.name_en,
             change.description, change.description_en, change.price, change.premium_only,
             change.is_active, is_unset(Unset::stock), change.stock, is_unset(Unset::max_per_user),
             change.max_per_user, is_unset(Unset::cosmetic), category_of(change.cosmetic),
             item_of(change.cosmetic), is_unset(Unset::available_from), change.available_from,
             is_unset(Unset::available_until), change.available_until)
      .first<Item>();
}

bool delete_item(Database& db, std::int32_t id) {
  return db.execute("delete from store_items where id = $1", id) == 1;
}

}  // namespace calixo::store
