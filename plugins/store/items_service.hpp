// Items as administrators keep them: prices within their bound, cosmetics that the avatars'
// catalogue has, and nothing that was ever sold is removed.
#pragma once

#include <calixo/avatar.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>

#include "items_store.hpp"
#include "settings.hpp"

namespace calixo::store {

// [fiber, suspends]
class ItemsService {
 public:
  ItemsService(const Settings& settings, const Avatar& avatar)
      : settings_(settings), avatar_(avatar) {}

  Page<Item> list(Context& context, const ItemFilter& filter, const Slice& slice) const;
  // 404 item_not_found.
  Item find(Context& context, std::int32_t id) const;
  // 422 validation_failed with fields, 409 item_slug_taken.
  Item add(Context& context, ItemChange made) const;
  // 404 item_not_found, and as add.
  Item change(Context& context, std::int32_t id, ItemChange change) const;
  // 404 item_not_found, 409 item_in_use: retire it instead.
  void remove(Context& context, std::int32_t id) const;

 private:
  void check(Context& context, const ItemChange& change) const;

  const Settings& settings_;
  const Avatar& avatar_;
};

}  // namespace calixo::store
