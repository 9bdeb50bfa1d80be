// A mail that was asked for and waits to be made: a job's payload. It holds no token and no link;
// those come to be when it is sent, so that nothing that opens an account is ever at rest.
// A value. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <optional>
#include <string>

namespace calixo::auth {

struct MailOrder {
  std::string order_id;
  std::string purpose;  // of token_purpose, or "email_change": what such a change still awaits
  std::string email;    // where it goes; of "email_change" the account's address
  std::optional<std::string> user_id;  // of changes that a signed-in person asked for
  std::string language;                // of an account that it makes
  std::string redirect_to;             // allowed already
  std::string base_url;                // of this server, as its clients reach it
  std::string site_url;
  std::optional<std::string> flow_id;  // whose client waits for a code
  bool makes_account = false;          // where the address has none
  std::optional<Json> data;            // of an account that it makes
};
BOOST_DESCRIBE_STRUCT(MailOrder, (),
                      (order_id, purpose, email, user_id, language, redirect_to, base_url, site_url,
                       flow_id, makes_account, data))

}  // namespace calixo::auth
