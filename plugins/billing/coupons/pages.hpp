// Keyset pages of this plugin's lists, by id.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::billing {

// Of an id: opaque, and told apart from what was cut or edited.
std::string cursor_after(std::int32_t id);
// Nothing where the text is no cursor of ours.
std::optional<std::int32_t> id_of_cursor(std::string_view cursor);

// A page of at most `limit` items; one more is read, to know whether another page follows.
template <class Item>
Page<Item> page_of(std::vector<Item> items, std::int32_t limit) {
  Page<Item> page;
  if (items.size() > static_cast<std::size_t>(limit)) {
    items.resize(static_cast<std::size_t>(limit));
    page.next = cursor_after(items.back().id);
  }
  page.items = std::move(items);
  return page;
}

}  // namespace calixo::billing
