#include "id_token.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t kTokenBytesMax = 16 * 1024;

struct Parts {
  std::string_view header, payload, signature, signed_text;
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  if (token.size() > kTokenBytesMax || first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

std::optional<json::object> object_in(std::string_view base64) {
  const auto text = from_base64url(base64);
  if (!text) return std::nullopt;
  boost::system::error_code error;
  json::value parsed = json::parse(*text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.get_object());
}

std::optional<std::string> text_of(const json::object& of, std::string_view name) {
  const json::value* value = of.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string().data(), value->get_string().size());
}

std::optional<std::int64_t> seconds_of(const json::object& of, std::string_view name) {
  const json::value* value = of.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) return value->get_int64();
  constexpr double kYear10000 = 253'402'300'800.0;
  if (value->is_double() && value->get_double() >= 0 && value->get_double() < kYear10000) {
    return static_cast<std::int64_t>(value->get_double());
  }
  return std::nullopt;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// A token for several audiences says which of them asked for it (azp).
bool is_for(const json::object& claims, const std::vector<std::string>& audiences) {
  const json::value* audience = claims.if_contains("aud");
  if (audience == nullptr) return false;
  if (audience->is_string()) return contains(audiences, *text_of(claims, "aud"));
  if (!audience->is_array()) return false;
  const json::array& all = audience->get_array();
  const bool is_named = std::any_of(all.begin(), all.end(), [&](const json::value& one) {
    return one.is_string() && contains(audiences, std::string(one.get_string().c_str()));
  });
  const auto party = text_of(claims, "azp");
  if (party) return is_named && contains(audiences, *party);
  return is_named && all.size() == 1;
}

IdTokenFault fault_of_signature(const Parts& parts, const std::vector<JsonWebKey>& keys) {
  const auto header = object_in(parts.header);
  const auto signature = from_base64url(parts.signature);
  if (!header || !signature || header->contains("crit")) return IdTokenFault::malformed;
  // The algorithm is the key's, never the token's choice.
  const auto algorithm = text_of(*header, "alg");
  if (algorithm != "RS256" && algorithm != "ES256") return IdTokenFault::malformed;
  const auto kid = text_of(*header, "kid");
  bool is_known = false;
  for (const JsonWebKey& key : keys) {
    if (key.algorithm() != *algorithm || (kid && key.kid() != *kid)) continue;
    is_known = true;
    if (key.verifies(parts.signed_text, *signature)) return IdTokenFault::none;
  }
  return is_known ? IdTokenFault::bad_signature : IdTokenFault::unknown_key;
}

IdTokenFault fault_of_claims(const json::object& claims, const IdTokenExpectation& expected) {
  const auto issuer = text_of(claims, "iss");
  if (!issuer || !contains(expected.issuers, *issuer)) return IdTokenFault::wrong_issuer;
  if (!is_for(claims, expected.audiences)) return IdTokenFault::wrong_audience;
  const auto expires = seconds_of(claims, "exp");
  if (!expires || *expires <= expected.now_s - expected.leeway_s) return IdTokenFault::expired;
  const auto issued = seconds_of(claims, "iat");
  const auto from = seconds_of(claims, "nbf").value_or(issued.value_or(0));
  if (!issued || from > expected.now_s + expected.leeway_s) return IdTokenFault::not_yet_valid;
  const auto nonce = text_of(claims, "nonce");
  if (nonce.has_value() != expected.nonce.has_value() ||
      (nonce && !is_equal_secret(*nonce, *expected.nonce))) {
    return IdTokenFault::wrong_nonce;
  }
  const auto access_hash = text_of(claims, "at_hash");
  if (access_hash && expected.access_token &&
      *access_hash != base64url(sha256(*expected.access_token).substr(0, 16))) {
    return IdTokenFault::wrong_access_token;
  }
  return text_of(claims, "sub").value_or("").empty() ? IdTokenFault::malformed : IdTokenFault::none;
}

}  // namespace

std::string_view to_text(IdTokenFault fault) {
  switch (fault) {
    case IdTokenFault::none:
      return "none";
    case IdTokenFault::malformed:
      return "malformed";
    case IdTokenFault::unknown_key:
      return "unknown_key";
    case IdTokenFault::bad_signature:
      return "bad_signature";
    case IdTokenFault::wrong_issuer:
      return "wrong_issuer";
    case IdTokenFault::wrong_audience:
      return "wrong_audience";
    case IdTokenFault::expired:
      return "expired";
    case IdTokenFault::not_yet_valid:
      return "not_yet_valid";
    case IdTokenFault::wrong_nonce:
      return "wrong_nonce";
    case IdTokenFault::wrong_access_token:
      return "wrong_access_token";
  }
  return "unknown";
}

IdToken read_id_token(std::string_view token, const std::vector<JsonWebKey>& keys,
                      const IdTokenExpectation& expected) {
  const auto parts = split(token);
  if (!parts) return {};
  IdToken read;
  read.fault = fault_of_signature(*parts, keys);
  if (read.fault != IdTokenFault::none) return read;
  auto claims = object_in(parts->payload);
  if (!claims) return {};
  read.fault = fault_of_claims(*claims, expected);
  if (read.fault == IdTokenFault::none) read.claims = std::move(*claims);
  return read;
}

}  // namespace calixo::auth
