#include "password.hpp"

#include <argon2.h>

#include <algorithm>
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

}  // namespace

std::vector<std::string> weaknesses(std::string_view password, std::int64_t length_min) {
  std::vector<std::string> reasons;
  if (code_points(password) < length_min) reasons.emplace_back("length");
  const bool is_one_letter =
      !password.empty() && password.find_first_not_of(password.front()) == std::string_view::npos;
  if (is_one_letter && reasons.empty()) reasons.emplace_back("characters");
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

bool password_matches(std::string_view password, const std::string& encoded) {
  return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

const std::string& decoy_hash() {
  static const std::string decoy = hash_password(random_bytes(32));
  return decoy;
}

}  // namespace calixo::auth
