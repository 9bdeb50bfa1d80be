// The keys that sign access tokens, as their operator sees them: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

struct SigningKey {
  std::string kid;
  std::string state;  // "active" signs; "verifying" no more; "retired" not even that
  Timestamp created_at;
  std::optional<Timestamp> retired_at;
};
BOOST_DESCRIBE_STRUCT(SigningKey, (), (kid, state, created_at, retired_at))

// Newest first.
std::vector<SigningKey> signing_keys(Database& service);

// Makes a key the active one; the one before it goes on verifying.
void replace_active_key(Transaction& tx, const std::string& kid, const std::string& private_key);

// False where this key is not one that only verifies. What signed is wiped.
bool retire_key(Database& service, std::string_view kid);

}  // namespace calixo::auth
