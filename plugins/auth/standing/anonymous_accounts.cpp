#include "standing/anonymous_accounts.hpp"

#include "account_store.hpp"
#include "encoding.hpp"

namespace calixo::auth {
namespace {

Account as_account(const NewAccount& made, Timestamp now) {
  Account account;
  account.id = made.id;
  account.created_at = account.updated_at = now;
  account.last_sign_in_at = now;
  account.app_metadata = boost::json::object();
  account.user_metadata = made.user_metadata;
  account.is_anonymous = true;
  return account;
}

}  // namespace

AnonymousAccounts::AnonymousAccounts(Plugin& plugin, const Settings& settings,
                                     const SessionService& sessions, RateLimits& limits)
    : enabled_(plugin.key<bool>("auth.anonymous_enabled", false)
                   .describe("Sign-up without an address opens a session of an anonymous account")
                   .runtime()
                   .is_public()
                   .setting()),
      settings_(settings),
      sessions_(sessions),
      limits_(limits) {}

bool AnonymousAccounts::is_meant(const SignUpRequest& wanted) {
  return wanted.email.value_or("").empty() && wanted.phone.value_or("").empty();
}

Session AnonymousAccounts::sign_up(Context& context, const SignUpRequest& wanted) {
  limits_.take(context, {"sign_up", RateLimits::client_of(context),
                         settings_.limits.sign_up_per_client.get()});
  require(settings_.sign_up_enabled.get(), Problem(422, "signup_disabled"));
  require(is_enabled(), Problem(422, "anonymous_provider_disabled"));
  NewAccount account;
  account.id = random_uuid();
  account.user_metadata = boost::json::object();
  account.locale = context.language();
  account.is_anonymous = true;
  if (wanted.data && !wanted.data->is_null()) {
    check_user_data(context, settings_, *wanted.data);
    account.user_metadata = *wanted.data;
  }
  const Timestamp now = context.now();
  const auto opening = sessions_.open(account.id, "anonymous", now);
  Database db = context.service_db();
  Batch batch = db.batch();
  add_account(batch, account);
  add_session(batch, opening.session);
  batch.run();
  return sessions_.answer(as_account(account, now), opening, now);
}

}  // namespace calixo::auth
