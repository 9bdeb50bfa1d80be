// Keyset pages: what every list route of this plugin takes and answers.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "challenges_store.hpp"
#include "cursor.hpp"

namespace calixo::challenges {

// Problem 422 with the field where the cursor is none. [any-thread]
template <class Query>
Slice slice_of(const Context& context, const Query& query) {
  Slice slice;
  slice.limit = query.limit;
  if (!query.cursor) return slice;
  slice.after_id = id_of_cursor(*query.cursor);
  if (!slice.after_id) {
    const bool is_spanish = context.language() == "es";
    throw invalid("validation_failed")
        .error("cursor", "format",
               is_spanish ? "No es un cursor de esta lista." : "Is not a cursor of this list.");
  }
  return slice;
}

// Cuts the item that was read beyond the limit and says where the next page starts.
template <class Item>
Page<Item> page_of(std::vector<Item> items, std::int64_t limit) {
  Page<Item> page;
  const bool is_followed = static_cast<std::int64_t>(items.size()) > limit;
  if (is_followed) items.resize(static_cast<std::size_t>(limit));
  if (is_followed) page.next = cursor_after(items.back().id);
  page.items = std::move(items);
  return page;
}

// Titles come in the caller's language: a shared cache must keep the answers apart.
inline void vary_by_language(Context& context) { context.add_header("Vary", "Accept-Language"); }

}  // namespace calixo::challenges
