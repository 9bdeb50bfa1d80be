// Time-based one-time passwords as authenticator applications make them: RFC 6238 with SHA-1, six
// digits and steps of 30 seconds. Pure functions. [any-thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

// The code of a step: six digits.
std::string totp_code(std::string_view secret, std::int64_t step);

std::int64_t totp_step(std::int64_t unix_s);

// The step whose code this is: the present one, or one beside it for a clock that is off. Only
// steps after last_step count, so that each code is good once. Nothing where none fits.
std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code,
                                          std::int64_t now_s, std::int64_t last_step);

// RFC 4648 without padding, as people type it.
std::string base32(std::string_view bytes);

// otpauth://totp/Issuer:account?…, what the applications scan.
std::string otpauth_uri(std::string_view issuer, std::string_view account,
                        std::string_view secret_base32);

}  // namespace calixo::auth
