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

}  // namespace

Account UserUpdateService::account_of(Context& context) const {
  Database db = context.db();
  return or_fail(account_of_session(db, context.user_id(), context.principal().session_id),
                 Problem(403, "session_not_found"));
}

Account UserUpdateService::update(Context& context, const UserUpdate& wanted,
                                  const std::optional<std::string>& redirect_to) const {
  const Account account = account_of(context);
  require(wanted.phone.value_or("").empty(), Problem(422, "phone_provider_disabled"));
  std::optional<std::string> email;
  if (!wanted.email.value_or("").empty()) {
    email = or_fail(normal_email(*wanted.email), validation_problem(context, kBadEmail));
    if (email == account.email) email.reset();
  }
  // What may be refused for its proof comes before what takes effect without one.
  if (!wanted.password.value_or("").empty()) change_password(context, account, wanted);
  if (wanted.data && !wanted.data->is_null()) change_data(context, account, *wanted.data);
  if (email) change_address(context, account, wanted, *email, redirect_to);
  Database db = context.service_db();
  return or_fail(account_by_id(db, account.id), Problem(403, "session_not_found"));
}

void UserUpdateService::change_password(Context& context, const Account& account,
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

  context.service_transaction([&](Transaction& tx) {
    auth::change_password(tx, account.id, checks.hash);
    end_other_sessions(tx, account.id, context.principal().session_id);
    // What was sent or asked for before would open the account, or carry it off, past the new
    // password.
    drop_tokens(
        tx, account.id,
        {"magiclink", "recovery", "reauthentication", "email_change_current", "email_change_new"});
    cancel_email_change(tx, account.id);
  });
}

void UserUpdateService::change_data(Context& context, const Account& account,
                                    const Json& change) const {
  require(change.is_object(), validation_problem(context, kBadData));
  accounts_.check_data(context, merged(account.user_metadata, change));
  boost::json::object kept;
  std::vector<std::string> removed;
  for (const auto& [key, value] : change.get_object()) {
    if (value.is_null()) {
      removed.emplace_back(key);
    } else {
      kept[key] = value;
    }
  }
  Database db = context.service_db();
  change_user_data(db, account.id, kept, removed);
}

void UserUpdateService::change_address(Context& context, const Account& account,
                                       const UserUpdate& wanted, const std::string& email,
                                       const std::optional<std::string>& redirect_to) const {
  MailWish wish{"email_change", account.email};
  wish.user_id = account.id;
  wish.redirect_to = redirect_to;
  wish.challenge = {wanted.code_challenge, wanted.code_challenge_method};
  std::vector<std::string> awaits{std::string(token_purpose::email_change_new)};
  if (tokens_.secure_email_change.get() && !account.email.empty()) {
    awaits.emplace_back(token_purpose::email_change_current);
  }
  context.service_transaction([&](Transaction& tx) {
    require(!is_address_taken(tx, email), Problem(422, "email_exists"));
    begin_email_change(tx, account.id, email, awaits);
    drop_tokens(tx, account.id, {"email_change_current", "email_change_new"});
    // An account of nobody in particular needs no proof where sign-up needs none.
    const bool is_at_once = account.is_anonymous && settings_.autoconfirm.get();
    if (!is_at_once) return desk_.order(context, tx, wish);
    confirm_email_change(tx, account.id, token_purpose::email_change_new, email);
    finish_email_change(tx, account.id);
  });
}

void UserUpdateService::send_nonce(Context& context) const {
  const Account account = account_of(context);
  require(!account.email.empty(), validation_problem(context, kNoAddress));
  MailWish wish{std::string(token_purpose::reauthentication), account.email};
  wish.user_id = account.id;
  desk_.order(context, wish);
}

}  // namespace calixo::auth
