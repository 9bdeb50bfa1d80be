// One-time tokens in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service. Digests are in bytea's text
// form.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

// Wrong codes after which the right one is refused as well.
inline constexpr std::int64_t kWrongCodesMax = 5;

// A token that was taken: nobody gets it a second time.
struct TakenToken {
  std::string user_id;
  std::string purpose;
  std::string email;  // where it was sent
  std::optional<std::string> flow_state_id;
  std::optional<std::string> redirect_to;
};
BOOST_DESCRIBE_STRUCT(TakenToken, (), (user_id, purpose, email, flow_state_id, redirect_to))

// What is to be kept of a new token.
struct NewToken {
  std::string user_id;
  std::string purpose;
  std::string email;
  std::string token_hash;
  std::string code_hash;
  std::optional<std::string> flow_state_id;  // ignored where that flow is gone
  std::string redirect_to;
  std::int64_t lifetime_s = 0;
};

// Takes the place of the person's last token of this purpose. False: the address is not the
// account's any more, nor the one that it wants.
bool put_token(Database& service, const NewToken& token);

std::optional<TakenToken> take_by_token(Database& service, const std::string& token_hash,
                                        const std::vector<std::string>& purposes);

// One digest a purpose. A wrong code counts against each token that it was tried on.
std::optional<TakenToken> take_by_code(Database& service, const std::string& email,
                                       const std::vector<std::string>& purposes,
                                       const std::vector<std::string>& code_hashes);

// Voids what waits for a former wish.
void drop_tokens(Database& service, std::string_view user_id,
                 const std::vector<std::string>& purposes);
void forget_expired_tokens(Database& service);

}  // namespace calixo::auth
