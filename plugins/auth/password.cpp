#include "password.hpp"

#include <argon2.h>
#include <crypt.h>
#include <zxcvbn.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <new>
#include <stdexcept>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kLanes = 1;
constexpr std::uint32_t kSaltBytes = 16;
constexpr std::uint32_t kHashBytes = 32;

std::int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

// Of a longer one the beginning tells enough, and the estimate grows with the square of the length.
constexpr std::size_t kEstimatedBytesMax = 72;

double strength_bits(std::string_view password) {
  return ZxcvbnMatch(std::string(password.substr(0, kEstimatedBytesMax)).c_str(), nullptr, nullptr);
}

bool is_of(unsigned char c, std::string_view name) {
  if (name == "lower") return std::islower(c) != 0;
  if (name == "upper") return std::isupper(c) != 0;
  if (name == "digit") return std::isdigit(c) != 0;
  return std::ispunct(c) != 0 || c == ' ';
}

bool holds(std::string_view password, std::string_view name) {
  return std::any_of(password.begin(), password.end(),
                     [&](unsigned char c) { return is_of(c, name); });
}

// bcrypt ends at a NUL and reads no more than 72 bytes, here as wherever the hash was made.
bool bcrypt_matches(std::string_view password, const std::string& encoded) {
  const auto data = std::make_unique<crypt_data>();
  const char* made = crypt_rn(std::string(password).c_str(), encoded.c_str(), data.get(),
                              static_cast<int>(sizeof *data));
  return made != nullptr && is_equal_secret(made, encoded);
}

}  // namespace

std::vector<std::string> weaknesses(std::string_view password, const PasswordRules& rules) {
  std::vector<std::string> reasons;
  if (code_points(password) < rules.length_min) reasons.emplace_back("length");
  const bool has_all = std::all_of(rules.classes.begin(), rules.classes.end(),
                                   [&](const std::string& name) { return holds(password, name); });
  if (!has_all) reasons.emplace_back("characters");
  if (reasons.empty() && strength_bits(password) < static_cast<double>(rules.strength_bits_min)) {
    reasons.emplace_back("pwned");
  }
  return reasons;
}

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(kSaltBytes);
  std::string encoded(
      argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int status =
      argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (status == ARGON2_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
  if (status != ARGON2_OK) throw std::runtime_error(argon2_error_message(status));
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool is_outdated_hash(std::string_view encoded) { return !encoded.starts_with("$argon2id$"); }

bool password_matches(std::string_view password, const std::string& encoded) {
  if (encoded.starts_with("$2")) return bcrypt_matches(password, encoded);
  return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

const std::string& decoy_hash() {
  static const std::string decoy = hash_password(random_bytes(32));
  return decoy;
}

}  // namespace calixo::auth
