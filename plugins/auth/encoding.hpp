// Bytes as text, digests and randomness: the small change of tokens and keys.
// Pure functions. [any-thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
// Strict: no padding, no other alphabet, no whitespace, no stray bits. Nothing where it is not
// that.
std::optional<std::string> from_base64url(std::string_view text);

// PostgreSQL's text form of bytea: "\x00ff".
std::string bytea(std::string_view bytes);
// The reverse. Throws std::invalid_argument where it is no such text.
std::string from_bytea(std::string_view text);

std::string sha256(std::string_view bytes);                             // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes

// In constant time for texts of one length.
bool is_equal_secret(std::string_view one, std::string_view other);

// From the operating system's generator. Throws std::runtime_error if it has none to give.
std::string random_bytes(std::size_t count);
// A random (version 4) UUID's text.
std::string random_uuid();
// Letters and digits that nobody mistakes for each other; 5.8 bits each.
std::string random_password(std::size_t length);

}  // namespace calixo::auth
