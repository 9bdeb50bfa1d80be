// One-time tokens as they travel and as they rest: a link's token and a six-digit code, each known
// to the database by its digest alone.
// Pure but for randomness. [any-thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

// What a token may be for: the words of the table one_time_tokens.
namespace token_purpose {
inline constexpr std::string_view signup = "signup";
inline constexpr std::string_view invite = "invite";
inline constexpr std::string_view magiclink = "magiclink";
inline constexpr std::string_view recovery = "recovery";
inline constexpr std::string_view email_change_current = "email_change_current";
inline constexpr std::string_view email_change_new = "email_change_new";
inline constexpr std::string_view reauthentication = "reauthentication";
}  // namespace token_purpose

// Digests are in bytea's text form.
struct OneTimeToken {
  std::string token;  // 43 characters, behind kPkcePrefix where a code is to follow
  std::string code;   // six digits
  std::string token_hash;
  std::string code_hash;
};

// Tells even of a token that is void that its client waits for a code, not for tokens.
inline constexpr std::string_view kPkcePrefix = "pkce_";

OneTimeToken make_one_time_token(std::string_view purpose, std::string_view email, bool is_pkce);

std::string token_digest(std::string_view token);
// Bound to purpose and address: a code of one is none of the other.
std::string code_digest(std::string_view purpose, std::string_view email, std::string_view code);

// Whether text can be a code at all.
bool is_code(std::string_view text);

// The purposes that a type of the wire format's verification stands for; none: no such type.
std::vector<std::string> purposes_of(std::string_view type);
// The reverse, for links.
std::string type_of(std::string_view purpose);

}  // namespace calixo::auth
