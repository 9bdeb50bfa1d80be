// Which account a person from a provider enters, and which identities an account has.
//
// A known identity enters its account. An unknown one is added to the account whose address it
// bears, if both the provider and this server have verified that address; else it makes an account.
#pragma once

#include <calixo/plugin.hpp>

#include <string>

#include "account_store.hpp"
#include "oauth/provider_person.hpp"
#include "settings.hpp"

namespace calixo::auth {

class IdentityService {
 public:
  explicit IdentityService(const Settings& settings) : settings_(settings) {}

  // The account that this person enters, made where there is none. Problem 422 signup_disabled.
  // [fiber, suspends]
  Account account_of(Context& context, const ProviderPerson& person,
                     const std::string& issuer) const;

  // Adds the identity to the account. Problems 422 identity_already_exists, 403 user_not_found.
  // [fiber, suspends]
  Account link(Context& context, const std::string& user_id, const ProviderPerson& person,
               const std::string& issuer) const;

  // Takes one from the caller's account. Problems 422 identity_not_found,
  // single_identity_not_deletable. [fiber, suspends]
  void unlink(Context& context, const std::string& user_id, const std::string& identity_id) const;

 private:
  std::string find_or_make(Context& context, Database& db, const ProviderPerson& person,
                           const Identity& identity) const;
  NewAccount new_account(Context& context, Database& db, const ProviderPerson& person,
                         Identity identity) const;

  const Settings& settings_;
};

}  // namespace calixo::auth
