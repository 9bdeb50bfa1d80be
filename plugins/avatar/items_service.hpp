// The catalogue of cosmetics as administrators keep it. Who has one keeps it: it can be retired,
// not removed. What level or streak give is had from the feeding that raised either, or once it is
// worn; until then it is there for the taking, as long as the catalogue offers it.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "items_store.hpp"

namespace calixo::avatar {

// [fiber, suspends]
class ItemsService {
 public:
  Page<CatalogueItem> list(Context& context, const std::optional<std::string>& category,
                           std::optional<bool> is_active, const Slice& slice) const;
  // 404 item_not_found.
  CatalogueItem find(Context& context, std::int32_t id) const;
  // 409 item_taken.
  CatalogueItem add(Context& context, std::string_view category, std::string_view item_id,
                    const ItemChange& made) const;
  // 404 item_not_found.
  CatalogueItem change(Context& context, std::int32_t id, const ItemChange& change) const;
  // 404 item_not_found, 409 item_in_use: retire it instead.
  void remove(Context& context, std::int32_t id) const;
};

}  // namespace calixo::avatar
