// Passwords: what is too weak, and argon2id with OWASP's first recommendation (19 MiB, 2 passes,
// 1 lane). Hashing takes tens of milliseconds: call it through Context::run_blocking only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

inline constexpr std::size_t kPasswordBytesMax = 256;

// Reasons of the wire format ("length"), empty: strong enough. Length is counted in code points.
std::vector<std::string> weaknesses(std::string_view password, std::int64_t length_min);

// The encoded hash, with its parameters and a random salt. Throws std::bad_alloc.
std::string hash_password(std::string_view password);  // [any-thread, blocks]
// False as well where encoded is no argon2id hash.
bool password_matches(std::string_view password, const std::string& encoded);  // [blocks]

// A hash that no password matches, at the same cost: what an unknown address is checked against.
const std::string& decoy_hash();

}  // namespace calixo::auth
