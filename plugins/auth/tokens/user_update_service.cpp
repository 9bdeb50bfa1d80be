#include "tokens/user_update_service.hpp"

#include <boost/json/parse.hpp>

#include "account_store.hpp"
#include "password.hpp"
#include "problems.hpp"
#include "session_store.hpp"
#include "tokens/confirmation_store.hpp"
#include "tokens/one_time_token.hpp"
#include "tokens/token_store.hpp"
#include "tokens/verify_service.hpp"
#include "user_data.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kMailProofLifetime_s = 3600;
constexpr Text kBadEmail{"No es una dirección de correo válida.",
                         "Unable to validate email address: invalid format."};
constexpr Text kLongPassword{"La contraseña es demasiado larga.", "The password is too long."};
constexpr Text kBadData{"data debe ser un objeto.", "data must be an object."};
constexpr Text kNoAddress{"La cuenta no tiene correo.", "The account has no e-mail address."};

// Whether the session was opened by a mail not long ago: its owner has just been asked.
bool is_fresh_from_mail(const Context& context) {
  const std::string claims(context.principal().claims_json);
  boost::system::error_code error;
  const Json parsed = boost::json::parse(claims, error);
  const Json* amr = error || !parsed.is_object() ? nullptr : parsed.get_object().if_contains("amr");
  if (amr == nullptr || !amr->is_array()) return false;
  for (const Json& one : amr->get_array()) {
    if (!one.is_object()) continue;
    const Json* method = one.get_object().if_contains("method");
    const Json* at = one.get_object().if_contains("timestamp");
    if (method != nullptr && *method == "otp" && at != nullptr && at->is_int64() &&
        at->get_int64() + kMailProofLifetime_s > context.now().unix_s()) {
      return true;
    }
  }
  return false;
}

struct Checks {
  bool is_same = false;     // as the present one
  bool is_current = false;  // the present one was given
  std::string hash;         // of the new one
};

// All in one turn on a worker thread.
Checks check_and_hash(Context& context, PasswordWorkshop& workshop, const std::string& present_hash,
                      const UserUpdate& wanted) {
  return workshop.run(context, [&] {
    Checks checks;
    const std::string current = wanted.current_password.value_or("");
    checks.is_same = !present_hash.empty() && password_matches(*wanted.password, present_hash);
    checks.is_current = !present_hash.empty() && !current.empty() &&
                        current.size() <= kPasswordBytesMax &&
                        password_matches(current, present_hash);
    if (!checks.is_same) checks.hash = hash_password(*wanted.password);
    return checks;
  });
}

void change_password_to(Transaction& tx, const Account& account, const std::string& hash,
                        std::string_view session_id) {
  change_password(tx, account.id, hash);
  end_other_sessions(tx, account.id, session_id);
  // What was sent or asked for before would open the account, or carry it off, past the new
  // password.
  drop_tokens(
      tx, account.id,
      {"magiclink", "recovery", "reauthentication", "email_change_current", "email_change_new"});
  cancel_email_change(tx, account.id);
}

}  // namespace

Account UserUpdateService::account_of(Context& context) const {
  Database db = context.db();
  return or_fail(account_of_session(db, context.user_id(), context.principal().session_id),
                 Problem(403, "session_not_found"));
}

Account UserUpdateService::update(Context& context, const UserUpdate& wanted,
                                  const std::optional<std::string>& redirect_to) const {
  const Account account = account_of(context);
  const std::optional<std::string> email = new_address(context, account, wanted);
  const DataChange data = data_change(context, account, wanted);
  std::string hash;
  if (!wanted.password.value_or("").empty()) hash = proved_hash(context, account, wanted);
  MailWish wish{"email_change", account.email};
  wish.user_id = account.id;
  wish.redirect_to = redirect_to;
  wish.challenge = {wanted.code_challenge, wanted.code_challenge_method};
  try {
    context.service_transaction([&](Transaction& tx) {
      if (!hash.empty()) {
        change_password_to(tx, account, hash, context.principal().session_id);
      }
      if (!data.is_empty()) change_user_data(tx, account.id, data.kept, data.removed);
      if (email) change_address(context, tx, account, *email, wish);
    });
  } catch (const DbError& error) {
    if (error.constraint() != kEmailConstraint) throw;
    throw Problem(422, "email_exists");  // taken since it was looked at
  }
  Database db = context.service_db();
  return or_fail(account_by_id(db, account.id), Problem(403, "session_not_found"));
}

// Nothing where it is to stay.
std::optional<std::string> UserUpdateService::new_address(const Context& context,
                                                          const Account& account,
                                                          const UserUpdate& wanted) const {
  require(wanted.phone.value_or("").empty(), Problem(422, "phone_provider_disabled"));
  if (wanted.email.value_or("").empty()) return std::nullopt;
  std::string email = or_fail(normal_email(*wanted.email), validation_problem(context, kBadEmail));
  if (email == account.email) return std::nullopt;
  return email;
}

UserUpdateService::DataChange UserUpdateService::data_change(const Context& context,
                                                             const Account& account,
                                                             const UserUpdate& wanted) const {
  DataChange change;
  if (!wanted.data || wanted.data->is_null()) return change;
  require(wanted.data->is_object(), validation_problem(context, kBadData));
  check_user_data(context, settings_, merged(account.user_metadata, *wanted.data));
  for (const auto& [key, value] : wanted.data->get_object()) {
    if (value.is_null()) {
      change.removed.emplace_back(key);
    } else {
      change.kept[key] = value;
    }
  }
  return change;
}

std::string UserUpdateService::proved_hash(Context& context, const Account& account,
                                           const UserUpdate& wanted) const {
  require(wanted.password->size() <= kPasswordBytesMax, validation_problem(context, kLongPassword));
  accounts_.check_password(*wanted.password);
  const std::string nonce = wanted.nonce.value_or("");
  const bool has_current = !wanted.current_password.value_or("").empty();
  const bool needs_proof =
      tokens_.password_change_requires_reauthentication.get() && !is_fresh_from_mail(context);
  require(!needs_proof || has_current || !nonce.empty(), Problem(400, "reauthentication_needed"));

  Database db = context.service_db();
  const Checks checks =
      check_and_hash(context, workshop_, password_hash_of(db, account.id), wanted);
  // A password or code that was given must be right, asked for or not.
  const Problem invalid(422, "reauthentication_not_valid");
  require(!has_current || checks.is_current, invalid);
  require(!checks.is_same, Problem(422, "same_password"));
  require(has_current || nonce.empty() || VerifyService::takes_nonce(context, account, nonce),
          invalid);
  return checks.hash;
}

void UserUpdateService::change_address(Context& context, Transaction& tx, const Account& account,
                                       const std::string& email, const MailWish& wish) const {
  std::vector<std::string> awaits{std::string(token_purpose::email_change_new)};
  if (tokens_.secure_email_change.get() && !account.email.empty()) {
    awaits.emplace_back(token_purpose::email_change_current);
  }
  require(!is_address_taken(tx, email), Problem(422, "email_exists"));
  begin_email_change(tx, account.id, email, awaits);
  drop_tokens(tx, account.id, {"email_change_current", "email_change_new"});
  // An account of nobody in particular needs no proof where sign-up needs none.
  const bool is_at_once = account.is_anonymous && settings_.autoconfirm.get();
  if (!is_at_once) return desk_.order(context, tx, wish);
  confirm_email_change(tx, account.id, token_purpose::email_change_new, email);
  finish_email_change(tx, account.id);
}

void UserUpdateService::send_nonce(Context& context) const {
  const Account account = account_of(context);
  require(!account.email.empty(), validation_problem(context, kNoAddress));
  MailWish wish{std::string(token_purpose::reauthentication), account.email};
  wish.user_id = account.id;
  desk_.order(context, wish);
}

}  // namespace calixo::auth
