#include "factors/totp.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "encoding.hpp"
#include "redirects.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kStep_s = 30;
constexpr std::uint32_t kModulus = 1'000'000;
constexpr std::size_t kDigits = 6;

std::string hmac_sha1(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(),
           &size) == nullptr) {
    throw std::runtime_error("HMAC failed");
  }
  return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

}  // namespace

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::string counter(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    counter[7 - i] = static_cast<char>((static_cast<std::uint64_t>(step) >> (8 * i)) & 255);
  }
  const std::string digest = hmac_sha1(secret, counter);
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(digest[at]));
  };
  // RFC 4226, section 5.3: where to cut is the last nibble.
  const std::size_t at = byte(digest.size() - 1) & 15;
  const std::uint32_t number =
      ((byte(at) & 0x7f) << 24) | (byte(at + 1) << 16) | (byte(at + 2) << 8) | byte(at + 3);
  const std::string digits = std::to_string(number % kModulus);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::int64_t totp_step(std::int64_t unix_s) { return unix_s / kStep_s; }

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code,
                                          std::int64_t now_s, std::int64_t last_step) {
  const std::int64_t now = totp_step(now_s);
  std::optional<std::int64_t> found;
  for (const std::int64_t step : {now - 1, now, now + 1}) {
    if (is_equal_secret(totp_code(secret, step), code) && step > last_step) found = step;
  }
  return found;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) text += kAlphabet[(pending >> (bits - 5)) & 31];
  }
  if (bits > 0) text += kAlphabet[(pending << (5 - bits)) & 31];
  return text;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account,
                        std::string_view secret_base32) {
  return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) +
         "?algorithm=SHA1&digits=6&issuer=" + percent_encoded(issuer) +
         "&period=30&secret=" + std::string(secret_base32);
}

}  // namespace calixo::auth
