// The cursor of a keyset page: the id of the last item, in a form that nobody mistakes for one.
// Pure functions. [any-thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace calixo::store {

// Of an id from 1 to 2^48 - 1.
std::string cursor_after(std::int64_t id);
// Nothing where the text is no cursor of ours.
std::optional<std::int64_t> id_of_cursor(std::string_view cursor);

}  // namespace calixo::store
