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

namespace calixo::auth {

// Problem 409 last_administrator where nobody else would administer. In the transaction that ends
// this one's power: of two who dismiss each other at once, the second waits here and finds the
// first gone. As the service. [fiber, suspends]
void require_another_administrator(Transaction& tx, std::string_view user_id);

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
};

}  // namespace calixo::auth
