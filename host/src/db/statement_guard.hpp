// Commands that would outlive their own run on a shared connection, and so reach the next fiber's:
// transaction control, session settings, COPY's other protocol.
#pragma once

#include <string>
#include <string_view>

namespace calixo::host {

// The offending word in lower case; empty: the statement may run.
std::string refused_command(std::string_view sql);

// "rollback to savepoint …": allowed, and the one thing that a failed transaction takes.
bool is_rollback_to(std::string_view sql);

// A statement that fails with this SQLSTATE and message, for the server to say it in the
// statement's place: so it aborts its run like any other error.
std::string raising_statement(std::string_view sqlstate, std::string_view message);

}  // namespace calixo::host
