// Statements as plugins hand them over, and as whom they run.
#pragma once

#include <calixo/abi/db.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace calixo::host {

// The most of one call.
inline constexpr std::size_t kStatementsMax = 64;

// Whom the policies see, without the role. A view of the exchange.
StatementContext caller_of(const calixo_exchange* exchange);

// The same as the plugin's role, or as the plugin itself.
StatementContext as_plugin(const calixo_host* host, std::uint32_t as,
                           const StatementContext& caller_context);

// The ABI's statements as the database room takes them; views into the caller's memory.
class StatementList {
 public:
  // CALIXO_LIMIT for too many parameters, CALIXO_INVALID where they are missing.
  calixo_status assign(const calixo_statement* statements, std::size_t count);
  std::span<const Statement> list() const { return list_; }

 private:
  void append(const calixo_statement& statement);

  std::vector<std::optional<std::string_view>> parameters_;
  std::vector<Statement> list_;
};

}  // namespace calixo::host
