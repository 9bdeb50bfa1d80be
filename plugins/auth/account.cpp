#include "account.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cctype>

#include "access_token.hpp"
#include "encoding.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

json::object object_of(const Json& value) {
  return value.is_object() ? value.get_object() : json::object();
}

json::object app_metadata_of(const Account& account) {
  json::object metadata = object_of(account.app_metadata);
  json::array providers;
  for (const Identity& identity : account.entrances.identities) {
    providers.emplace_back(identity.provider);
  }
  if (!providers.empty()) metadata["provider"] = providers.front();
  metadata["providers"] = std::move(providers);
  metadata["role"] = app_role(account);
  return metadata;
}

// What clients of this wire format look for beside their own data.
json::object user_metadata_of(const Account& account) {
  json::object metadata = object_of(account.user_metadata);
  metadata["sub"] = account.id;
  if (account.email.empty()) return metadata;
  metadata["email"] = account.email;
  metadata["email_verified"] = account.email_confirmed_at.has_value();
  metadata["phone_verified"] = false;
  return metadata;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

bool is_domain(std::string_view domain) {
  if (domain.find('.') == std::string_view::npos) return false;
  while (true) {
    const auto dot = domain.find('.');
    if (!is_label(domain.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    domain.remove_prefix(dot + 1);
  }
}

bool is_local_part(std::string_view local) {
  constexpr std::string_view kSpecial = "!#$%&'*+/=?^_`{|}~.-";
  return !local.empty() && local.size() <= 64 && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos &&
         std::all_of(local.begin(), local.end(), [&](unsigned char c) {
           return (c < 0x80 && std::isalnum(c) != 0) ||
                  kSpecial.find(static_cast<char>(c)) != std::string_view::npos;
         });
}

}  // namespace

bool is_banned(const Account& account, Timestamp now) {
  return account.banned_until && account.banned_until->unix_us > now.unix_us;
}

std::string app_role(const Account& account) {
  if (account.admin_role == "ADMIN") return "admin";
  if (account.admin_role == "MODERATOR") return "moderator";
  const json::object metadata = object_of(account.app_metadata);
  const json::value* role = metadata.if_contains("role");
  return role != nullptr && *role == "premium" ? "premium" : "user";
}

User as_user(const Account& account) {
  User user;
  user.id = account.id;
  user.aud = kAudience;
  user.role = "authenticated";
  user.email = account.email;
  user.email_confirmed_at = user.confirmed_at = account.email_confirmed_at;
  user.last_sign_in_at = account.last_sign_in_at;
  user.app_metadata = app_metadata_of(account);
  user.user_metadata = user_metadata_of(account);
  user.identities = account.entrances.identities;
  user.factors = account.entrances.factors;
  user.is_anonymous = account.is_anonymous;
  user.banned_until = account.banned_until;
  user.invited_at = account.invited_at;
  user.confirmation_sent_at = account.confirmation_sent_at;
  user.recovery_sent_at = account.recovery_sent_at;
  user.email_change_sent_at = account.email_change_sent_at;
  user.new_email = account.new_email;
  user.created_at = account.created_at;
  user.updated_at = account.updated_at;
  return user;
}

Identity email_identity(const std::string& user_id, const std::string& email, bool is_confirmed,
                        Timestamp now) {
  Identity identity;
  identity.identity_id = random_uuid();
  identity.id = identity.user_id = user_id;
  identity.identity_data = json::object{{"sub", user_id},
                                        {"email", email},
                                        {"email_verified", is_confirmed},
                                        {"phone_verified", false}};
  identity.provider = "email";
  if (is_confirmed) identity.last_sign_in_at = now;
  identity.created_at = identity.updated_at = now;
  identity.email = email;
  return identity;
}

std::string claims_json(const Account& account, const std::string& issuer,
                        const SessionClaims& session, std::int64_t issued_at_s,
                        std::int64_t expires_at_s) {
  return json::serialize(json::object{{"iss", issuer},
                                      {"sub", account.id},
                                      {"aud", kAudience},
                                      {"exp", expires_at_s},
                                      {"iat", issued_at_s},
                                      {"email", account.email},
                                      {"phone", ""},
                                      {"app_metadata", app_metadata_of(account)},
                                      {"user_metadata", user_metadata_of(account)},
                                      {"role", "authenticated"},
                                      {"aal", session.aal},
                                      {"amr", session.amr},
                                      {"session_id", session.session_id},
                                      {"is_anonymous", account.is_anonymous}});
}

std::optional<std::string> normal_email(std::string_view text) {
  const auto at = text.rfind('@');
  if (text.size() > 254 || at == std::string_view::npos || !is_local_part(text.substr(0, at)) ||
      !is_domain(text.substr(at + 1))) {
    return std::nullopt;
  }
  std::string email(text);
  std::transform(email.begin(), email.end(), email.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return email;
}

}  // namespace calixo::auth
