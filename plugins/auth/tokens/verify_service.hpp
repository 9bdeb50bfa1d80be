// Takes one-time tokens and does what they stand for.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

#include "account.hpp"
#include "tokens/token_store.hpp"

namespace calixo::auth {

// What a token has opened.
struct Verified {
  TakenToken token;
  std::optional<Account> account;  // empty: a change of address still awaits the other one
};

class VerifyService {
 public:
  // By a link's token. type: of the wire format. Problems: 403 otp_expired, also where there never
  // was such a token; 422 email_exists; 400 validation_failed. [fiber, suspends]
  static Verified by_token(Context& context, const std::string& type, const std::string& token);

  // By the code that an address was sent. The same problems. [fiber, suspends]
  static Verified by_code(Context& context, const std::string& type, const std::string& email,
                          const std::string& code);

  // Whether this code was sent to the account for a change to it; it is used up then.
  // [fiber, suspends]
  static bool takes_nonce(Context& context, const Account& account, const std::string& code);
};

}  // namespace calixo::auth
