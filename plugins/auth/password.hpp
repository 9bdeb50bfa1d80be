// Passwords: what is too weak, and argon2id with OWASP's first recommendation (19 MiB, 2 passes,
// 1 lane). bcrypt hashes that moved in from elsewhere verify as well. Hashing takes tens of
// milliseconds: PasswordWorkshop is where it is done.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

inline constexpr std::size_t kPasswordBytesMax = 256;

struct PasswordRules {
  std::int64_t length_min = 0;            // code points
  std::int64_t strength_bits_min = 0;     // log2 of the guesses it takes, as zxcvbn reckons
  std::vector<std::string> classes = {};  // each of kPasswordClasses that must occur
};
inline constexpr std::string_view kPasswordClasses[] = {"lower", "upper", "digit", "symbol"};

// Reasons of the wire format: "length", "characters", "pwned" (among the first that are guessed).
// Empty: strong enough. Takes less than a millisecond.
std::vector<std::string> weaknesses(std::string_view password, const PasswordRules& rules);

// The encoded hash, with its parameters and a random salt. Throws std::bad_alloc.
std::string hash_password(std::string_view password);  // [any-thread, blocks]
// encoded: argon2id, or bcrypt ($2a$, $2b$, $2y$). False as well where it is neither.
bool password_matches(std::string_view password, const std::string& encoded);  // [blocks]

// Whether it is to be replaced by hash_password's at the next sign-in.
bool is_outdated_hash(std::string_view encoded);

// A hash that no password matches, at the same cost: what an unknown address is checked against.
const std::string& decoy_hash();

}  // namespace calixo::auth
