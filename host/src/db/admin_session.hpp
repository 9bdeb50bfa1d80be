// One blocking libpq connection for work outside of the loops: migrations and the operator's CLI.
#pragma once

#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

struct pg_conn;

namespace calixo::host {

// The database refused, or can't be reached (sqlstate empty).
class AdminError : public std::runtime_error {
 public:
  AdminError(const std::string& text, std::string state, std::optional<std::size_t> at)
      : std::runtime_error(text), sqlstate(std::move(state)), position(at) {}
  std::string sqlstate;
  std::optional<std::size_t> position;  // in characters, from 1
};

class AdminSession {
 public:
  // Throws AdminError.
  explicit AdminSession(const std::string& url);
  ~AdminSession();
  AdminSession(const AdminSession&) = delete;
  AdminSession& operator=(const AdminSession&) = delete;

  // Any number of statements, in the simple protocol. Throws AdminError.
  void execute(const std::string& sql);
  // One statement with parameters. Throws AdminError.
  ResultSet query(const std::string& sql, const std::vector<std::string>& parameters = {});
  // Rolls a transaction back that may be open. Does not throw.
  void abandon() noexcept;

  bool is_in_transaction() const;
  std::string quote_identifier(std::string_view name) const;

 private:
  pg_conn* connection_ = nullptr;
};

}  // namespace calixo::host
