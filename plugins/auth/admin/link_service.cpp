#include "admin/link_service.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "account_store.hpp"
#include "admin/admin_store.hpp"
#include "encoding.hpp"
#include "mail/mail_store.hpp"
#include "password.hpp"
#include "problems.hpp"
#include "tokens/confirmation_store.hpp"
#include "tokens/link_redirects.hpp"
#include "tokens/token_store.hpp"
#include "user_data.hpp"

namespace calixo::auth {
namespace {

// Somebody may sign up under the address meanwhile, and leave again.
constexpr int kTriesMax = 3;

constexpr std::array kLinkPurposes{token_purpose::signup,
                                   token_purpose::invite,
                                   token_purpose::magiclink,
                                   token_purpose::recovery,
                                   token_purpose::email_change_current,
                                   token_purpose::email_change_new};

constexpr Text kBadType{
    "type debe ser signup, invite, magiclink, recovery, email_change_current o "
    "email_change_new.",
    "type must be signup, invite, magiclink, recovery, email_change_current or "
    "email_change_new."};
constexpr Text kBadEmail{"No es una dirección de correo válida.",
                         "Unable to validate email address: invalid format."};
constexpr Text kBadNewEmail{"new_email no es una dirección de correo válida.",
                            "new_email is no valid e-mail address."};
constexpr Text kNoPassword{"Falta la contraseña.", "Signup requires a valid password."};
constexpr Text kLongPassword{"La contraseña es demasiado larga.", "The password is too long."};
constexpr Text kNotAwaited{
    "El correo de ahora no confirma cambios mientras auth.secure_email_change sea false.",
    "The present address confirms no change while auth.secure_email_change is false."};

bool is_change(const std::string& purpose) { return purpose.starts_with("email_change"); }

// run() in a transaction as the service; once more where the address was taken meanwhile, for it
// is known then.
template <class Run>
auto with_address(Context& context, Run run) {
  for (int tries = 1;; ++tries) {
    try {
      return context.service_transaction(run);
    } catch (const DbError& error) {
      const bool is_taken = error.is_unique_violation() && error.constraint() == kEmailConstraint;
      if (tries == kTriesMax || !is_taken) throw;
    }
  }
}

struct Newcomer {
  std::string email;
  std::string password_hash;  // empty: none
  std::optional<Json> data;
};

std::string make_account(const Context& context, Transaction& tx, const Newcomer& newcomer) {
  NewAccount account;
  account.id = random_uuid();
  account.email = newcomer.email;
  account.password_hash = newcomer.password_hash;
  account.user_metadata = newcomer.data.value_or(boost::json::object());
  account.display_name = display_name_of(account.user_metadata);
  account.locale = context.language();
  account.identity = email_identity(account.id, account.email, false, context.now());
  Batch batch = tx.batch();
  add_account(batch, account);
  batch.run();
  return account.id;
}

// An account that nobody has shown to be theirs, as the administrator wants it: made, or changed.
std::string prepare(const Context& context, Transaction& tx, const std::optional<Account>& known,
                    const Newcomer& newcomer) {
  if (!known) return make_account(context, tx, newcomer);
  require(!known->email_confirmed_at, Problem(422, "email_exists"));
  AccountChange change;
  change.user_metadata = newcomer.data;
  if (!newcomer.password_hash.empty()) change.password_hash = newcomer.password_hash;
  change_account(tx, known->id, change);
  return known->id;
}

}  // namespace

std::optional<Json> LinkService::checked_data(const Context& context,
                                              const std::optional<Json>& data) const {
  if (!data || data->is_null()) return std::nullopt;
  check_user_data(context, settings_, *data);
  return data;
}

Account LinkService::invite(Context& context, const InviteRequest& given,
                            const std::optional<std::string>& redirect_to) const {
  const std::string purpose(token_purpose::invite);
  const std::string email =
      or_fail(normal_email(given.email.value_or("")), validation_problem(context, kBadEmail));
  const Newcomer newcomer{email, "", checked_data(context, given.data)};
  MailWish wish{purpose, email};
  wish.redirect_to = redirect_to;
  return with_address(context, [&](Transaction& tx) {
    const std::string user_id = prepare(context, tx, lock_account(tx, email), newcomer);
    // At once, not when the mail is made: a stranger's sign-up changes nothing from here on.
    note_sending(tx, user_id, purpose);
    desk_.order(context, tx, wish);
    return or_fail(account_by_id(tx, user_id), not_found("user"));
  });
}

std::string LinkService::checked_hash(Context& context, const LinkRequest& given) const {
  require(!given.password.value_or("").empty(), validation_problem(context, kNoPassword));
  require(given.password->size() <= kPasswordBytesMax, validation_problem(context, kLongPassword));
  accounts_.check_password(*given.password);
  return workshop_.hash(context, *given.password);
}

LinkService::Wish LinkService::checked(Context& context, const LinkRequest& given) const {
  Wish wish;
  wish.purpose = given.type.value_or("");
  require(std::ranges::find(kLinkPurposes, wish.purpose) != kLinkPurposes.end(),
          validation_problem(context, kBadType));
  wish.email =
      or_fail(normal_email(given.email.value_or("")), validation_problem(context, kBadEmail));
  if (is_change(wish.purpose)) {
    wish.new_email = or_fail(normal_email(given.new_email.value_or("")),
                             validation_problem(context, kBadNewEmail));
    require(
        wish.purpose != token_purpose::email_change_current || tokens_.secure_email_change.get(),
        validation_problem(context, kNotAwaited));
  }
  wish.data = checked_data(context, given.data);
  wish.redirect_to =
      allowed_redirect(redirect_rules(settings_, context), given.redirect_to.value_or(""));
  if (wish.purpose == token_purpose::signup) wish.password_hash = checked_hash(context, given);
  return wish;
}

GeneratedLink LinkService::generate(Context& context, const LinkRequest& given) const {
  const Wish wish = checked(context, given);
  return with_address(context, [&](Transaction& tx) { return make(context, tx, wish); });
}

GeneratedLink LinkService::make(Context& context, Transaction& tx, const Wish& wish) const {
  const auto known = lock_account(tx, wish.email);
  const bool opens_account =
      wish.purpose == token_purpose::signup || wish.purpose == token_purpose::invite;
  const bool is_first_link = !known && wish.purpose == token_purpose::magiclink;
  std::string user_id;
  if (opens_account || is_first_link) {
    user_id = prepare(context, tx, known, {wish.email, wish.password_hash, wish.data});
  } else {
    user_id = or_fail(known, not_found("user")).id;
  }
  if (is_change(wish.purpose)) begin_change(tx, *known, wish);

  GeneratedLink link;
  const std::string& address =
      wish.purpose == token_purpose::email_change_new ? wish.new_email : wish.email;
  link.token = make_one_time_token(wish.purpose, address, false);
  put_token(tx, {user_id, wish.purpose, address, link.token.token_hash, link.token.code_hash,
                 std::nullopt, wish.redirect_to, tokens_.lifetime_s.get()});
  MailDesk::supersede(tx, wish.purpose, address);
  note_sending(tx, user_id, wish.purpose);
  link.account = or_fail(account_by_id(tx, user_id), not_found("user"));
  // The format calls a first link one of a sign-up; its token still voids a stranger's password.
  link.verification_type = is_first_link ? "signup" : wish.purpose;
  link.url = verification_link(context.base_url(), link.token.token,
                               type_of(link.verification_type), wish.redirect_to);
  link.redirect_to = wish.redirect_to;
  return link;
}

// The links of one change, to the present address and to the new one, are asked for one after the
// other: the second goes on with what the first began.
void LinkService::begin_change(Transaction& tx, const Account& account, const Wish& wish) const {
  require(!is_address_taken(tx, wish.new_email), Problem(422, "email_exists"));
  if (awaits_email_change(tx, account.id, wish.purpose, wish.new_email)) return;
  std::vector<std::string> awaits{std::string(token_purpose::email_change_new)};
  if (tokens_.secure_email_change.get()) {
    awaits.emplace_back(token_purpose::email_change_current);
  }
  begin_email_change(tx, account.id, wish.new_email, awaits);
  drop_tokens(tx, account.id, {"email_change_current", "email_change_new"});
}

}  // namespace calixo::auth
