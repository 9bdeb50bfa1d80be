// Keyset pages: what every list route of this plugin takes and answers.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cursor.hpp"

namespace calixo::store {

// A page of at most `limit` items; one more is read, to know whether another page follows.
struct Slice {
  std::optional<std::int64_t> after_id;
  std::int64_t limit = 20;
};

// The query of a list without filters.
struct PageQuery {
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(PageQuery, (), (limit, cursor))
// What holds for `limit` and `cursor` of every list's query.
template <class Query>
void page_rules(Rules<Query>& rules) {
  rules.template at<&Query::limit>().range(1, 100);
  rules.template at<&Query::cursor>().length(1, 64).describe("next of the page before");
}
CALIXO_RULES(PageQuery) { page_rules(rules); }

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

// Cuts the item that was read beyond the limit; the cursor of the next page, where one follows.
template <class Item>
std::optional<std::string> cut_to(std::vector<Item>& items, std::int64_t limit) {
  if (static_cast<std::int64_t>(items.size()) <= limit) return std::nullopt;
  items.resize(static_cast<std::size_t>(limit));
  return cursor_after(items.back().id);
}

template <class Item>
Page<Item> page_of(std::vector<Item> items, std::int64_t limit) {
  Page<Item> page;
  page.next = cut_to(items, limit);
  page.items = std::move(items);
  return page;
}

// Names come in the caller's language: a shared cache must keep the answers apart.
inline void vary_by_language(Context& context) { context.add_header("Vary", "Accept-Language"); }

}  // namespace calixo::store
