// The assurance level of sessions in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

// "aal1" or "aal2" of an open session of this account; nothing where it has ended.
std::optional<std::string> session_level(Database& service, std::string_view user_id,
                                         std::string_view session_id);

// The session has shown a second factor at this time. False where it has ended.
bool raise_session(Transaction& tx, std::string_view session_id, std::int64_t now_s);
// No session of the account counts as having shown one.
void lower_sessions(Transaction& tx, std::string_view user_id);
// Ends the account's other sessions that have shown none.
void end_other_aal1_sessions(Transaction& tx, std::string_view user_id,
                             std::string_view session_id);

}  // namespace calixo::auth
