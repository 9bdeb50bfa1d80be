#include "account_service.hpp"

#include "encoding.hpp"
#include "mail/mail_desk.hpp"
#include "password.hpp"
#include "problems.hpp"
#include "tokens/confirmation_store.hpp"
#include "user_data.hpp"

namespace calixo::auth {
namespace {

constexpr Text kBadEmail{"No es una dirección de correo válida.",
                         "Unable to validate email address: invalid format."};
constexpr Text kNoPassword{"Falta la contraseña.", "Signup requires a valid password."};
constexpr Text kLongPassword{"La contraseña es demasiado larga.", "The password is too long."};
constexpr Text kBadData{"data debe ser un objeto, más pequeño y sin caracteres nulos.",
                        "data must be an object, smaller and without null characters."};

// What a caller without a session sees of an account: nothing that tells a new from a known one.
Account as_new_account(const NewAccount& account, Timestamp now) {
  Account made;
  made.id = account.id;
  made.email = account.email;
  made.created_at = made.updated_at = now;
  if (account.is_confirmed) {
    made.email_confirmed_at = made.last_sign_in_at = now;
  } else {
    made.confirmation_sent_at = now;
  }
  made.app_metadata = boost::json::object();
  made.user_metadata = account.user_metadata;
  if (account.identity) made.entrances.identities = {*account.identity};
  return made;
}

bool is_taken(const DbError& error) {
  return error.is_unique_violation() && error.constraint() == kEmailConstraint;
}

}  // namespace

void check_user_data(const Context& context, const Settings& settings, const Json& data) {
  require(is_storable(data, settings.user_metadata_bytes_max.get()),
          validation_problem(context, kBadData));
}

void AccountService::check_password(std::string_view password) const {
  const auto reasons = weaknesses(password, password_rules(settings_));
  if (reasons.empty()) return;
  Problem problem(422, "weak_password");
  for (const std::string& reason : reasons) problem.error("password", reason, "");
  throw problem;
}

NewAccount AccountService::checked(Context& context, const SignUpRequest& wanted) const {
  require(settings_.sign_up_enabled.get(), Problem(422, "signup_disabled"));
  if (wanted.email.value_or("").empty()) {
    const bool has_phone = !wanted.phone.value_or("").empty();
    throw Problem(422, has_phone ? "phone_provider_disabled" : "anonymous_provider_disabled");
  }
  NewAccount account;
  account.id = random_uuid();
  account.user_metadata = boost::json::object();
  account.email = or_fail(normal_email(*wanted.email), validation_problem(context, kBadEmail));
  require(wanted.password.has_value(), validation_problem(context, kNoPassword));
  require(wanted.password->size() <= kPasswordBytesMax, validation_problem(context, kLongPassword));
  check_password(*wanted.password);
  if (wanted.data && !wanted.data->is_null()) {
    check_user_data(context, settings_, *wanted.data);
    account.user_metadata = *wanted.data;
    account.display_name = display_name_of(*wanted.data);
  }
  account.locale = context.language();
  account.is_confirmed = settings_.autoconfirm.get();
  account.identity = email_identity(account.id, account.email, account.is_confirmed, context.now());
  return account;
}

SignedUp AccountService::sign_up(Context& context, const SignUpRequest& wanted,
                                 const std::optional<std::string>& redirect_to) {
  limits_.take(context, {"sign_up", RateLimits::client_of(context),
                         settings_.limits.sign_up_per_client.get()});
  NewAccount account = checked(context, wanted);
  account.password_hash = workshop_.hash(context, *wanted.password);

  if (!account.is_confirmed) return sign_up_by_mail(context, account, wanted, redirect_to);

  const Timestamp now = context.now();
  const auto opening = sessions_.open(account.id, "password", now);
  Database db = context.service_db();
  Batch batch = db.batch();
  add_account(batch, account);
  add_session(batch, opening.session);
  try {
    batch.run();
  } catch (const DbError& error) {
    if (!is_taken(error)) throw;
    throw Problem(422, "user_already_exists");
  }
  const Account made = as_new_account(account, now);
  return {as_user(made), sessions_.answer(made, opening, now)};
}

// The same for an address that is known: it is the reader of the mail who learns more.
SignedUp AccountService::sign_up_by_mail(Context& context, const NewAccount& account,
                                         const SignUpRequest& wanted,
                                         const std::optional<std::string>& redirect_to) const {
  MailWish wish{"signup", account.email};
  wish.redirect_to = redirect_to;
  wish.challenge = {wanted.code_challenge, wanted.code_challenge_method};
  context.service_transaction([&](Transaction& tx) {
    desk_.order(context, tx, wish);
    add_unconfirmed_account(tx, account);
  });
  return {as_user(as_new_account(account, context.now())), std::nullopt};
}

Session AccountService::sign_in(Context& context, const TokenRequest& given) {
  const Problem refusal(400, "invalid_credentials");
  const std::string password = given.password.value_or("");
  const std::string email = normal_email(given.email.value_or("")).value_or("");
  require(password.size() <= kPasswordBytesMax, refusal);
  const Limited by_account{"sign_in", email, settings_.limits.sign_in_per_account.get()};
  const Limited by_client{"sign_in_client", RateLimits::client_of(context),
                          settings_.limits.sign_in_per_client.get()};
  limits_.take(context, by_client);
  limits_.take(context, by_account);

  Database db = context.service_db();
  auto found = account_by_email(db, email);
  const std::string known_hash = found ? found->password_hash : "";
  require(workshop_.matches(context, password, known_hash), refusal);
  limits_.forgive(context, by_account);
  limits_.give_back(context, by_client);
  require(found->account.email_confirmed_at.has_value(), Problem(400, "email_not_confirmed"));
  if (is_outdated_hash(known_hash)) {
    replace_hash(db, found->account.id, known_hash, workshop_.hash(context, password));
  }
  return sessions_.enter(context, std::move(found->account), {"password", "email"});
}

}  // namespace calixo::auth
