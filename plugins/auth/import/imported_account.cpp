#include "imported_account.hpp"

#include <boost/json/serialize.hpp>

#include "../account.hpp"
#include "../password.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t kDisplayNameMax = 60;
constexpr std::size_t kMetadataBytesMax = 4096;

const json::object& object_at(const json::object& object, const char* name) {
  static const json::object kEmpty;
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_object() ? found->get_object() : kEmpty;
}

std::optional<std::string> text_at(const json::object& object, const char* name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_string() || found->get_string().empty()) return std::nullopt;
  return std::string(found->get_string());
}

bool is_true_at(const json::object& object, const char* name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

bool is_known_hash(const std::string& hash) {
  return hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$") ||
         hash.starts_with("$argon2id$");
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

void take_password(const json::object& user, Imported& result) {
  const auto hash = text_at(user, "encrypted_password");
  if (!hash) return;
  if (is_known_hash(*hash)) {
    result.account->password_hash = hash;
  } else {
    result.reasons.emplace_back("password_hash_unknown");
  }
}

void take_metadata(const json::object& user, Imported& result) {
  ImportedAccount& account = *result.account;
  account.app_metadata = object_at(user, "raw_app_meta_data");
  account.user_metadata = object_at(user, "raw_user_meta_data");
  // Roles are appointed here, not brought along.
  account.app_metadata.get_object().erase("role");
  if (json::serialize(account.user_metadata).size() <= kMetadataBytesMax) return;
  account.user_metadata = json::object();
  result.reasons.emplace_back("user_metadata_too_long");
}

void take_profile(const json::object& profile, Imported& result) {
  ImportedAccount& account = *result.account;
  account.is_private = is_true_at(profile, "is_private");
  account.profile_created_at = text_at(profile, "created_at");
  if (const json::value* energy = profile.if_contains("avatar_energy"); energy != nullptr) {
    if (energy->is_int64() && energy->get_int64() >= 0 && energy->get_int64() <= 100) {
      account.avatar_energy = energy->get_int64();
    }
  }
  for (const char* name : {"display_name", "full_name", "username"}) {
    const auto text = text_at(profile, name);
    if (!text) continue;
    if (code_points(*text) <= kDisplayNameMax) {
      account.display_name = text;
    } else {
      result.reasons.emplace_back("display_name_too_long");
    }
    return;
  }
}

void take_identities(const json::object& source, Imported& result) {
  const json::value* all = source.if_contains("identities");
  if (all == nullptr || !all->is_array()) return;
  for (const json::value& one : all->get_array()) {
    if (!one.is_object()) continue;
    const json::object& row = one.get_object();
    const auto provider = text_at(row, "provider");
    // Before 2023 the column `id` held the provider's word for the person.
    auto provider_id = text_at(row, "provider_id");
    if (!provider_id) provider_id = text_at(row, "id");
    if (!provider || !provider_id) continue;
    if (*provider == "phone") {
      result.reasons.emplace_back("phone_identity");
      continue;
    }
    result.identities.push_back({result.id, *provider, *provider_id,
                                 object_at(row, "identity_data"), text_at(row, "last_sign_in_at"),
                                 text_at(row, "created_at"), text_at(row, "updated_at")});
  }
}

// Why nothing of a user can be taken; nothing: it can.
std::optional<std::string> obstacle(const json::object& user) {
  if (text_at(user, "deleted_at")) return "deleted";
  if (is_true_at(user, "is_sso_user")) return "single_sign_on";
  const auto email = text_at(user, "email");
  if (email && !normal_email(*email)) return "address_malformed";
  if (!email && !is_true_at(user, "is_anonymous")) {
    if (text_at(user, "phone")) return "phone_only";
  }
  return std::nullopt;
}

}  // namespace

Imported imported(const Json& source) {
  const json::object& all = source.get_object();
  const json::object& user = object_at(all, "user");
  Imported result;
  result.id = text_at(user, "id").value_or("");
  if (const auto reason = obstacle(user)) {
    result.reasons.push_back(*reason);
    return result;
  }
  ImportedAccount& account = result.account.emplace();
  account.id = result.id;
  if (const auto email = text_at(user, "email")) account.email = normal_email(*email);
  account.email_confirmed_at = text_at(user, "email_confirmed_at");
  account.created_at = text_at(user, "created_at");
  account.updated_at = text_at(user, "updated_at");
  account.last_sign_in_at = text_at(user, "last_sign_in_at");
  account.invited_at = text_at(user, "invited_at");
  account.banned_until = text_at(user, "banned_until");
  account.is_anonymous = is_true_at(user, "is_anonymous");
  take_password(user, result);
  take_metadata(user, result);
  take_profile(object_at(all, "profile"), result);
  take_identities(all, result);
  const json::value* factors = all.if_contains("factors");
  if (factors != nullptr && factors->is_int64() && factors->get_int64() > 0) {
    result.reasons.emplace_back("second_factor");
  }
  return result;
}

}  // namespace calixo::auth
