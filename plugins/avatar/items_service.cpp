#include "items_service.hpp"

#include <charconv>
#include <utility>

namespace calixo::avatar {
namespace {

constexpr std::string_view kCursorMark = "item-";

}  // namespace

std::string cursor_after(std::int32_t id) { return std::string(kCursorMark) + std::to_string(id); }

std::optional<std::int64_t> id_of_cursor(std::string_view cursor) {
  if (!cursor.starts_with(kCursorMark)) return std::nullopt;
  cursor.remove_prefix(kCursorMark.size());
  std::int32_t id = 0;
  const char* const end = cursor.data() + cursor.size();
  const auto [at, error] = std::from_chars(cursor.data(), end, id);
  if (error != std::errc() || at != end || id < 1) return std::nullopt;
  return id;
}

Page<CatalogueItem> ItemsService::list(Context& context, const std::optional<std::string>& category,
                                       std::optional<bool> is_active, const Slice& slice) const {
  Database db = context.db();
  Page<CatalogueItem> page;
  page.items = list_items(db, category, is_active, slice);
  if (static_cast<std::int64_t>(page.items.size()) > slice.limit) {
    page.items.resize(static_cast<std::size_t>(slice.limit));
    page.next = cursor_after(page.items.back().id);
  }
  return page;
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
