#include "access_token.hpp"

#include <boost/json.hpp>
#include <optional>
#include <stdexcept>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

// Deeper than any metadata that the JSON binding lets in, plus what stands around it.
constexpr std::size_t kDepthMax = 64;

std::optional<json::object> parse_object(const std::string& text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::value value = json::parse(text, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string()
             ? std::string(value->get_string().c_str(), value->get_string().size())
             : std::string();
}

std::optional<std::int64_t> number_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::string jwks_of(const std::vector<Es256Key>& keys) {
  json::array list;
  for (const Es256Key& key : keys) {
    list.push_back(json::object{{"kty", "EC"},
                                {"crv", "P-256"},
                                {"alg", "ES256"},
                                {"use", "sig"},
                                {"key_ops", json::array{"verify"}},
                                {"kid", key.kid()},
                                {"x", key.x()},
                                {"y", key.y()}});
  }
  return json::serialize(json::object{{"keys", std::move(list)}});
}

struct Parts {
  std::string_view header, payload, signature, signed_text;
};

std::optional<Parts> split(std::string_view token) {
  if (token.size() > kTokenBytesMax) return std::nullopt;
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  // A further dot fails as base64url.
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

}  // namespace

AccessTokens::AccessTokens(std::vector<Es256Key> keys, Options options)
    : keys_(std::move(keys)), options_(std::move(options)), jwks_json_(jwks_of(keys_)) {
  if (keys_.empty()) throw std::invalid_argument("no signing key");
}

std::string AccessTokens::sign(std::string_view claims_json) const {
  const Es256Key& key = keys_.front();
  std::string text = base64url(R"({"alg":"ES256","kid":")" + key.kid() + R"(","typ":"JWT"})") +
                     "." + base64url(claims_json);
  const std::string signature = key.sign(text);
  return text + "." + base64url(signature);
}

// The algorithm is ours, not the token's choice: "none" and HS256 with the public key end here.
const Es256Key* AccessTokens::key_of(std::string_view header) const {
  const auto text = from_base64url(header);
  if (!text) return nullptr;
  const auto fields = parse_object(*text);
  if (!fields || text_of(*fields, "alg") != "ES256" || fields->contains("crit")) return nullptr;
  const std::string kid = text_of(*fields, "kid");
  for (const Es256Key& key : keys_) {
    if (key.kid() == kid) return &key;
  }
  return nullptr;
}

bool AccessTokens::read_claims(const std::string& payload, VerifiedToken& verified,
                               std::int64_t& not_before_s) const {
  const auto claims = parse_object(payload);
  if (!claims || text_of(*claims, "iss") != options_.issuer ||
      text_of(*claims, "aud") != kAudience) {
    return false;
  }
  const auto expires = number_of(*claims, "exp");
  if (!expires) return false;
  verified.expires_at_s = *expires;
  not_before_s = number_of(*claims, "nbf").value_or(number_of(*claims, "iat").value_or(0));
  verified.role = text_of(*claims, "role");
  verified.user_id = text_of(*claims, "sub");
  verified.session_id = text_of(*claims, "session_id");
  if (const json::value* app = claims->if_contains("app_metadata"); app && app->is_object()) {
    verified.app_role = text_of(app->get_object(), "role");
  }
  return verified.role == "service_role" ||
         (verified.role == "authenticated" && !verified.user_id.empty() &&
          !verified.session_id.empty());
}

TokenVerdict AccessTokens::verify(std::string_view token, std::int64_t now_s,
                                  VerifiedToken& verified) const {
  const auto parts = split(token);
  if (!parts) return TokenVerdict::invalid;
  const Es256Key* key = key_of(parts->header);
  if (key == nullptr) return TokenVerdict::invalid;
  const auto signature = from_base64url(parts->signature);
  const auto payload = from_base64url(parts->payload);
  if (!signature || !payload || !key->verifies(parts->signed_text, *signature)) {
    return TokenVerdict::invalid;
  }
  std::int64_t not_before_s = 0;
  if (!read_claims(*payload, verified, not_before_s)) return TokenVerdict::invalid;
  if (not_before_s > now_s + options_.leeway_s) return TokenVerdict::invalid;
  if (verified.expires_at_s <= now_s - options_.leeway_s) return TokenVerdict::expired;
  verified.claims_json = *payload;
  return TokenVerdict::valid;
}

}  // namespace calixo::auth
