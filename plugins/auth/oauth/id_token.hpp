// OpenID Connect's ID tokens, read and checked (OpenID Connect Core 1.0, section 3.1.3.7).
// Pure functions. [any-thread]
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json_web_key.hpp"

namespace calixo::auth {

// What the checker holds a token against.
struct IdTokenExpectation {
  std::vector<std::string> issuers;    // any of them
  std::vector<std::string> audiences;  // any of them
  std::int64_t now_s = 0;
  std::int64_t leeway_s = 0;
  // What the nonce must be; nothing: the token must have none.
  std::optional<std::string> nonce;
  std::optional<std::string> access_token;  // held against at_hash, where the token has one
};

enum class IdTokenFault {
  none,
  malformed,    // no JWT, or an algorithm that is not taken
  unknown_key,  // the provider may have changed its keys
  bad_signature,
  wrong_issuer,
  wrong_audience,
  expired,
  not_yet_valid,
  wrong_nonce,
  wrong_access_token,
};
std::string_view to_text(IdTokenFault fault);

struct IdToken {
  IdTokenFault fault = IdTokenFault::malformed;
  boost::json::object claims;  // only where there is no fault
};

// Never throws on hostile input.
IdToken read_id_token(std::string_view token, const std::vector<JsonWebKey>& keys,
                      const IdTokenExpectation& expected);

}  // namespace calixo::auth
