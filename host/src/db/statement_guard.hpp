// What a plugin may send as a statement. Connections are shared, and their login may become any
// plugin's role: so a statement may neither outlive its own run nor choose who it runs as.
//
// Looked at once a text and connection, before it is prepared; never for a statement that is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/sql_lexer.hpp"

namespace calixo::host {

// The offending word in lower case (a command, a setting's "set", a function's name); empty: the
// statement may run.
std::string refused_command(std::string_view sql);

// The refusal for people, with the way out.
std::string refusal_message(std::string_view word);

// A name through which SQL changes the role or runs a text as SQL: set_config, pg_settings,
// query_to_xml and their kin. Empty: there is none.
std::string role_changing_name(const std::vector<SqlToken>& tokens);

// Settings that a statement may make local to its transaction.
bool is_harmless_setting(std::string_view name);

// "rollback to savepoint …": allowed, and the one thing that a failed transaction takes.
bool is_rollback_to(std::string_view sql);

// A statement that fails with this SQLSTATE and message, for the server to say it in the
// statement's place: so it aborts its run like any other error.
std::string raising_statement(std::string_view sqlstate, std::string_view message);

}  // namespace calixo::host
