// What administrators may do to accounts, and what nobody may: the server is never left without an
// administrator. The same rules for the wire format, this server's own routes and the terminal.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "account_store.hpp"
#include "admin/admin_store.hpp"
#include "admin/ban_duration.hpp"
#include "personal_data_service.hpp"

namespace calixo::auth {

// Each runs in the caller's transaction, as the service. Problems: 404 user_not_found;
// 422 email_exists; 409 last_administrator. [fiber, suspends]
class AccountAdmin {
 public:
  static void create(Transaction& tx, const NewAccount& account, const AccountChange& rest);
  // role: "ADMIN", "MODERATOR", or "" for none; nullopt: as it is.
  static void change(Transaction& tx, std::string_view user_id, const AccountChange& change,
                     const std::optional<std::string>& role);
  static void set_role(Transaction& tx, std::string_view user_id, std::string_view role);
  static void ban(Transaction& tx, std::string_view user_id, std::int64_t duration_s);
  // With all that plugins hold; also problem 503 unavailable.
  static void erase(Transaction& tx, std::string_view user_id,
                    const PersonalDataService& personal_data);
};

}  // namespace calixo::auth
