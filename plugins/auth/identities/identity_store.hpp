// Identities beside the one of an account's own address, in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "account.hpp"

namespace calixo::auth {

// Whose identity this is; nothing where nobody has it. What the provider says of the person now is
// kept.
std::optional<std::string> owner_of_identity(Database& service, std::string_view provider,
                                             std::string_view provider_id, const Json& data);

// A verified address that an account owns: who may be recognised by it.
std::optional<std::string> owner_of_confirmed_email(Database& service, std::string_view email);
bool is_email_taken(Database& service, std::string_view email);

// An anonymous account that has an identity now: no longer one, and with that address unless it is
// empty or taken.
void end_anonymity(Database& service, std::string_view user_id, std::string_view email);

inline constexpr std::string_view kIdentityConstraint = "identities_provider_provider_id_key";

// The ids of the account's identities. Other changes of them wait until the transaction ends.
std::vector<std::string> lock_identities(Transaction& tx, std::string_view user_id);
void remove_identity(Transaction& tx, std::string_view identity_id);

}  // namespace calixo::auth
