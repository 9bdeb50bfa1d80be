// Signing keys and first-start marks in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <string>
#include <vector>

namespace calixo::auth {

// What a starting node asks first, in one round trip.
struct StartState {
  std::vector<std::string> private_keys;  // PKCS #8 DER; the active one first
  bool needs_first_admin = false;         // none was ever made here, and nobody administers
};
StartState read_start_state(Database& service);

// Does nothing where an active key is there already: another node was first.
void store_signing_key(Database& service, const std::string& kid, const std::string& private_key);

// Fails the batch with a unique violation where the first administrator was made already.
inline constexpr std::string_view kSetupStepConstraint = "auth_setup_steps_pkey";
void add_first_admin_mark(Batch& batch);

}  // namespace calixo::auth
