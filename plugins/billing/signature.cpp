#include "signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace calixo::billing {
namespace {

constexpr std::size_t kHexSize = 64;

struct Parts {
  std::string_view stamp;  // as it stands in the header: that is what was signed
  std::int64_t stamp_s = 0;
  std::vector<std::string_view> signatures;
};

std::optional<std::int64_t> unix_seconds(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || at != end || value < 0) return std::nullopt;
  return value;
}

// Nothing where there is no stamp, or more than one, or no signature of the scheme.
std::optional<Parts> parts_of(std::string_view header) {
  Parts parts;
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    const std::string_view item = header.substr(0, comma);
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view key = item.substr(0, equals), value = item.substr(equals + 1);
    if (key == "t") {
      const auto seconds = unix_seconds(value);
      if (!seconds || !parts.stamp.empty()) return std::nullopt;
      parts.stamp = value;
      parts.stamp_s = *seconds;
    } else if (key == "v1") {
      parts.signatures.push_back(value);
    }
  }
  if (parts.stamp.empty() || parts.signatures.empty()) return std::nullopt;
  return parts;
}

std::array<char, kHexSize> hex_hmac(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr ||
      size * 2 != kHexSize) {
    throw std::runtime_error("HMAC-SHA256 failed");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, kHexSize> hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex[2 * i] = kDigits[digest[i] >> 4];
    hex[2 * i + 1] = kDigits[digest[i] & 15];
  }
  return hex;
}

// Every secret is tried on every signature, whatever was found before.
bool is_signed_by_any(const Parts& parts, std::string_view body,
                      const std::vector<std::string>& secrets) {
  std::string text;
  text.reserve(parts.stamp.size() + 1 + body.size());
  text.append(parts.stamp).append(1, '.').append(body);
  bool is_found = false;
  for (const std::string& secret : secrets) {
    const auto wanted = hex_hmac(secret, text);
    for (const std::string_view signature : parts.signatures) {
      if (signature.size() != kHexSize) continue;
      is_found |= CRYPTO_memcmp(signature.data(), wanted.data(), kHexSize) == 0;
    }
  }
  return is_found;
}

}  // namespace

std::string_view name_of(SignatureFault fault) {
  switch (fault) {
    case SignatureFault::none:
      return "none";
    case SignatureFault::malformed:
      return "malformed";
    case SignatureFault::too_old:
      return "too_old";
    case SignatureFault::too_new:
      return "too_new";
    case SignatureFault::mismatch:
      return "mismatch";
  }
  return "unknown";
}

SignatureFault check_signature(std::string_view header, std::string_view body,
                               const SignatureRules& rules) {
  const auto parts = parts_of(header);
  if (!parts) return SignatureFault::malformed;
  // The signature first: only who knows a secret learns, by the time it takes, what the clock says.
  if (!is_signed_by_any(*parts, body, rules.secrets)) return SignatureFault::mismatch;
  if (parts->stamp_s < rules.now_s - rules.tolerance_s) return SignatureFault::too_old;
  if (parts->stamp_s > rules.now_s + rules.tolerance_s) return SignatureFault::too_new;
  return SignatureFault::none;
}

std::vector<std::string> split_secrets(std::string_view text) {
  std::vector<std::string> secrets;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view one = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (!one.empty()) secrets.emplace_back(one);
  }
  return secrets;
}

}  // namespace calixo::billing
