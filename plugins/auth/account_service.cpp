#include "account_service.hpp"

#include <boost/json/serialize.hpp>

#include "encoding.hpp"
#include "password.hpp"
#include "problems.hpp"

namespace calixo::auth {
namespace {

constexpr Text kBadEmail{"No es una dirección de correo válida.",
                         "Unable to validate email address: invalid format."};
constexpr Text kNoPassword{"Falta la contraseña.", "Signup requires a valid password."};
constexpr Text kLongPassword{"La contraseña es demasiado larga.", "The password is too long."};
constexpr Text kBadData{"data debe ser un objeto, más pequeño y sin caracteres nulos.",
                        "data must be an object, smaller and without null characters."};

bool is_printable(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return false;
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (c & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

// The name a client gave under one of the usual keys, if it makes a display name.
std::optional<std::string> display_name_of(const boost::json::object& data) {
  for (const char* key : {"display_name", "full_name", "name"}) {
    const Json* value = data.if_contains(key);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view name(value->get_string().data(), value->get_string().size());
    if (is_printable(name) && !name.empty() && code_points(name) <= 60) return std::string(name);
  }
  return std::nullopt;
}

// PostgreSQL's text holds no NUL, so jsonb refuses the escape of one.
bool has_nul(std::string_view json_text) { return json_text.find("\\u0000") != json_text.npos; }

bool is_storable(const Json& data, std::int64_t bytes_max) {
  if (!data.is_object()) return false;
  const std::string text = boost::json::serialize(data);
  return text.size() <= static_cast<std::size_t>(bytes_max) && !has_nul(text);
}

// What a caller without a session sees of an account: nothing that tells a new from a known one.
Account as_new_account(const NewAccount& account, Timestamp now) {
  Account made;
  made.id = account.id;
  made.email = account.email;
  made.created_at = made.updated_at = now;
  if (account.is_confirmed) made.email_confirmed_at = made.last_sign_in_at = now;
  made.app_metadata = boost::json::object();
  made.user_metadata = account.user_metadata;
  if (account.identity) made.entrances.identities = {*account.identity};
  return made;
}

bool is_taken(const DbError& error) {
  return error.is_unique_violation() && error.constraint() == kEmailConstraint;
}

}  // namespace

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
    require(is_storable(*wanted.data, settings_.user_metadata_bytes_max.get()),
            validation_problem(context, kBadData));
    account.user_metadata = *wanted.data;
    account.display_name = display_name_of(wanted.data->get_object());
  }
  account.locale = context.language();
  account.is_confirmed = settings_.autoconfirm.get();
  account.identity = email_identity(account.id, account.email, account.is_confirmed, context.now());
  return account;
}

SignedUp AccountService::taken(const NewAccount& account, Timestamp now) const {
  require(!account.is_confirmed, Problem(422, "user_already_exists"));
  return {as_user(as_new_account(account, now)), std::nullopt};
}

SignedUp AccountService::sign_up(Context& context, const SignUpRequest& wanted) {
  limits_.take(context, {"sign_up", RateLimits::client_of(context),
                         settings_.limits.sign_up_per_client.get()});
  NewAccount account = checked(context, wanted);
  account.password_hash = workshop_.hash(context, *wanted.password);

  const Timestamp now = context.now();
  const auto opening = sessions_.open(account.id, "password", now);
  Database db = context.service_db();
  Batch batch = db.batch();
  add_account(batch, account);
  if (account.is_confirmed) add_session(batch, opening.session);
  try {
    batch.run();
  } catch (const DbError& error) {
    if (!is_taken(error)) throw;
    return taken(account, now);
  }
  const Account made = as_new_account(account, now);
  SignedUp signed_up{as_user(made), std::nullopt};
  if (account.is_confirmed) signed_up.session = sessions_.answer(made, opening, now);
  return signed_up;
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
  limits_.give_back(context, by_account);
  limits_.give_back(context, by_client);
  require(found->account.email_confirmed_at.has_value(), Problem(400, "email_not_confirmed"));
  if (is_outdated_hash(known_hash)) {
    replace_hash(db, found->account.id, known_hash, workshop_.hash(context, password));
  }
  return sessions_.enter(context, std::move(found->account), {"password", "email"});
}

}  // namespace calixo::auth
