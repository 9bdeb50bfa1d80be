// Keyset pages over accounts, newest first. Pure functions. [any-thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/admin_store.hpp"

namespace calixo::auth {

// Sets where the list goes on; false where the cursor is none.
bool take_cursor(AdminUserFilter& filter, std::string_view cursor);
// Cuts the item that was read beyond the limit; the cursor of the next page, if there is one.
std::optional<std::string> cut_page(std::vector<AdminUser>& items, std::int64_t limit);

}  // namespace calixo::auth
