#include "items_service.hpp"

namespace calixo::avatar {

Page<CatalogueItem> ItemsService::list(Context& context, const std::optional<std::string>& category,
                                       std::optional<bool> is_active, const Slice& slice) const {
  Database db = context.db();
  return page_of(list_items(db, category, is_active, slice), slice.limit);
}

CatalogueItem ItemsService::find(Context& context, std::int32_t id) const {
  Database db = context.db();
  return or_fail(find_item(db, id), not_found("item"));
}

CatalogueItem ItemsService::add(Context& context, std::string_view category,
                                std::string_view item_id, const ItemChange& made) const {
  Database db = context.db();
  try {
    return insert_item(db, category, item_id, made);
  } catch (const DbError& error) {
    if (error.is_unique_violation()) throw conflict("item_taken");
    throw;
  }
}

CatalogueItem ItemsService::change(Context& context, std::int32_t id,
                                   const ItemChange& change) const {
  Database db = context.db();
  return or_fail(update_item(db, id, change), not_found("item"));
}

void ItemsService::remove(Context& context, std::int32_t id) const {
  Database db = context.db();
  try {
    require(delete_item(db, id), not_found("item"));
  } catch (const DbError& error) {
    if (error.is_foreign_key_violation()) throw conflict("item_in_use");
    throw;
  }
}

}  // namespace calixo::avatar
