// A person as a provider knows them. A value. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

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

// Apple tells a name to the browser, once, in a form beside the code: {"name": {"firstName",
// "lastName"}, "email"}. Whoever has the browser may have written it, so nothing but a name to show
// is taken from it. Empty where it is none.
std::string name_of_first_visit(std::string_view user_json);

// What is kept of them: identity_data of the wire format.
boost::json::object identity_data_of(const ProviderPerson& person, const std::string& issuer);

}  // namespace calixo::auth
