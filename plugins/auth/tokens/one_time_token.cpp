#include "tokens/one_time_token.hpp"

#include <algorithm>
#include <cstdint>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kCodeDigits = 6;
constexpr std::uint32_t kCodes = 1'000'000;

std::uint32_t random_number() {
  std::uint32_t number = 0;
  for (const char byte : random_bytes(4)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

std::string random_code() {
  // Numbers beyond the last whole multiple are drawn again: no code is likelier than another.
  constexpr std::uint32_t kLimit = 0xffffffffu / kCodes * kCodes;
  std::uint32_t number = random_number();
  while (number >= kLimit) number = random_number();
  std::string digits = std::to_string(number % kCodes);
  return std::string(kCodeDigits - digits.size(), '0') + digits;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

OneTimeToken make_one_time_token(std::string_view purpose, std::string_view email, bool is_pkce) {
  OneTimeToken made;
  made.token = std::string(is_pkce ? kPkcePrefix : "") + base64url(random_bytes(kTokenBytes));
  made.code = random_code();
  made.token_hash = token_digest(made.token);
  made.code_hash = code_digest(purpose, email, made.code);
  return made;
}

std::string token_digest(std::string_view token) { return bytea(sha256(token)); }

std::string code_digest(std::string_view purpose, std::string_view email, std::string_view code) {
  std::string bound(purpose);
  bound.append(1, '\n').append(email).append(1, '\n').append(code);
  return bytea(sha256(bound));
}

bool is_code(std::string_view text) {
  return text.size() == kCodeDigits && std::all_of(text.begin(), text.end(), &is_digit);
}

std::vector<std::string> purposes_of(std::string_view type) {
  if (type == "email") return {"signup", "magiclink"};
  // Clients may take an address for known or not: either kind of mail lets its reader in.
  if (type == "signup" || type == "magiclink") return {"signup", "magiclink"};
  if (type == "recovery" || type == "invite") return {std::string(type)};
  if (type == "email_change") return {"email_change_current", "email_change_new"};
  return {};
}

std::string type_of(std::string_view purpose) {
  return purpose.starts_with("email_change") ? "email_change" : std::string(purpose);
}

}  // namespace calixo::auth
