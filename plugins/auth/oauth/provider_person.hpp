// A person as a provider knows them. A value. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <boost/json/object.hpp>
#include <optional>
#include <string>

namespace calixo::auth {

struct ProviderPerson {
  std::string provider;
  std::string subject;               // the provider's word for them; never given to another
  std::optional<std::string> email;  // normal
  bool is_email_verified = false;    // by the provider
  std::string name;                  // empty: none
  std::string avatar_url;            // empty: none
};

// From an ID token's claims, which were checked.
ProviderPerson person_of_claims(const std::string& provider, const boost::json::object& claims);

// What is kept of them: identity_data of the wire format.
boost::json::object identity_data_of(const ProviderPerson& person, const std::string& issuer);

}  // namespace calixo::auth
