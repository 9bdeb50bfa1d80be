// Keyset pages over ids: what a list route takes, reads and answers.
//
//   Page<Walk> list(calixo::Context& context, const calixo::PageQuery& query) {
//     const calixo::Slice slice = calixo::slice_of(context, query);
//     calixo::Database db = context.db();  // … id > coalesce($1::bigint, 0) order by id limit $2
//     return calixo::page_of(walks(db, slice.after_id, slice.limit + 1), slice.limit);
//   }
//
// An id is compared as a bigint, whatever its column's type: a cursor may be made up.
#pragma once

#include <calixo/context.hpp>
#include <calixo/json.hpp>
#include <calixo/problem.hpp>
#include <calixo/rules.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

// A page of at most `limit` items; one more is read, to know whether another page follows.
struct Slice {
  std::optional<std::int64_t> after_id;  // where it begins: behind this id
  std::int64_t limit = 20;               // items on the page
};

// The query of a list without filters. One with filters has the same two members beside them.
struct PageQuery {
  std::int32_t limit = 20;            // items wanted
  std::optional<std::string> cursor;  // next of the page before
};
BOOST_DESCRIBE_STRUCT(PageQuery, (), (limit, cursor))

// What holds for `limit` and `cursor` of every list's query: for its CALIXO_RULES.
template <class Query>
void page_rules(Rules<Query>& rules) {
  rules.template at<&Query::limit>().range(1, 100);
  rules.template at<&Query::cursor>().length(1, 64).describe("next of the page before");
}
// The rules of a list without filters.
CALIXO_RULES(PageQuery) { page_rules(rules); }

namespace detail {

inline constexpr std::string_view kCursorDigits = "0123456789abcdefghjkmnpqrstvwxyz";
inline constexpr std::size_t kCursorDigitCount = 13;  // 65 bits in fives; one more checks them

// Tells a cut or edited cursor from a whole one; no secret stands behind a page.
inline char cursor_check_digit(std::uint64_t bits) {
  return kCursorDigits[bits * 0x9e3779b97f4a7c15u >> 59];
}

}  // namespace detail

// The cursor of what comes behind this id, 0 or more: opaque to clients. [any-thread]
inline std::string cursor_after(std::int64_t id) {
  const auto bits = static_cast<std::uint64_t>(id);
  std::string text(detail::kCursorDigitCount + 1, detail::cursor_check_digit(bits));
  for (std::size_t i = 0; i < detail::kCursorDigitCount; ++i) {
    text[detail::kCursorDigitCount - 1 - i] = detail::kCursorDigits[(bits >> (5 * i)) & 31];
  }
  return text;
}

// Nothing where the text is no cursor that cursor_after() made. [any-thread]
inline std::optional<std::int64_t> id_of_cursor(std::string_view cursor) {
  if (cursor.size() != detail::kCursorDigitCount + 1) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char c : cursor.substr(0, detail::kCursorDigitCount)) {
    const auto digit = detail::kCursorDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 5 | digit;
  }
  const auto id = static_cast<std::int64_t>(bits);
  if (id < 0 || cursor_after(id) != cursor) return std::nullopt;
  return id;
}

// The slice that a query with `limit` and `cursor` asks for; Problem 422 with the field where the
// cursor is none. [any-thread]
template <class Query>
Slice slice_of(const Context& context, const Query& query) {
  Slice slice;
  slice.limit = query.limit;
  if (!query.cursor) return slice;
  slice.after_id = id_of_cursor(*query.cursor);
  if (slice.after_id) return slice;
  const bool is_spanish = context.language() == "es";
  throw invalid("validation_failed")
      .error("cursor", "format",
             is_spanish ? "No es un cursor de esta lista." : "Is not a cursor of this list.");
}

// Cuts the item that was read beyond the limit; the cursor of the next page, where one follows.
template <class Item>
std::optional<std::string> cut_page(std::vector<Item>& items, std::int64_t limit) {
  if (static_cast<std::int64_t>(items.size()) <= limit) return std::nullopt;
  items.resize(static_cast<std::size_t>(limit));
  return cursor_after(items.back().id);
}

// The page of items that were read, one beyond the limit where there are more.
template <class Item>
Page<Item> page_of(std::vector<Item> items, std::int64_t limit) {
  Page<Item> page;
  page.next = cut_page(items, limit);
  page.items = std::move(items);
  return page;
}

}  // namespace calixo
