#include <openssl/sha.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <string>

#include "db/migrator.hpp"
#include "db/sha256.hpp"

namespace calixo::host {
namespace {

// PostgreSQL cuts names at 63 bytes; "calixo_" and "_owner" take 13.
constexpr std::size_t kWordBytesMax = 50;
constexpr std::size_t kHashDigits = 8;

std::string role_word(std::string_view plugin) {
  std::string word;
  for (const char c : plugin) {
    word +=
        c == '.' || c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (word.size() <= kWordBytesMax) return word;
  return word.substr(0, kWordBytesMax - kHashDigits - 1) + "_" +
         sha256_hex(plugin).substr(0, kHashDigits);
}

}  // namespace

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", byte);
    hex += digits.data();
  }
  return hex;
}

std::string runtime_role(std::string_view plugin) {
  return plugin == "host" ? "calixo_host_runtime" : "calixo_" + role_word(plugin);
}

std::string owner_role(std::string_view plugin) {
  return plugin == "host" ? std::string() : "calixo_" + role_word(plugin) + "_owner";
}

}  // namespace calixo::host
