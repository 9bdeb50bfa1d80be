#include "auth_routes.hpp"

#include <string_view>

#include "account_store.hpp"
#include "oauth/oauth_routes.hpp"
#include "problems.hpp"
#include "session_store.hpp"
#include "wire_problems.hpp"

namespace calixo::auth {
namespace {

// Clients end the session at a 429 of its refresh; this they repeat.
constexpr std::int32_t kPassingStatus = 503;

}  // namespace

AuthRoutes::AuthRoutes(Plugin& plugin, const Settings& settings, AccountService& accounts,
                       const SessionService& sessions, const FlowService& flows, RateLimits& limits,
                       StandingService& standing, AnonymousAccounts& anonymous, OAuthService& oauth)
    : settings_(settings),
      accounts_(accounts),
      sessions_(sessions),
      flows_(flows),
      limits_(limits),
      standing_(standing),
      anonymous_(anonymous),
      oauth_(oauth) {
  RouteGroup group = plugin.group({"/api/auth", "/auth/v1"});
  group.render_problems(&render_wire_problem).tag("auth");
  register_sign_in(group);
  group.post("/logout", bind(*this, &AuthRoutes::logout))
      .allow(Role::user)
      .query<LogoutQuery>()
      .summary("Ends the caller's session, all of them, or the others");
  group.get("/user", bind(*this, &AuthRoutes::user))
      .allow(Role::user)
      .summary("The caller's account")
      .problem(403, "session_not_found");
  group.get("/.well-known/jwks.json", bind(*this, &AuthRoutes::jwks))
      .summary("The public keys that access tokens are signed with");
  group.get("/settings", bind(*this, &AuthRoutes::public_settings))
      .summary("What clients may offer on their sign-in page");
  group.get("/health", bind(*this, &AuthRoutes::health))
      .summary("Name and version of this service");
  register_messages(plugin);
}

void AuthRoutes::register_sign_in(RouteGroup& group) {
  group.post("/signup", bind(*this, &AuthRoutes::sign_up))
      .summary("Makes an account; where sign-up confirms by itself, answers its first session")
      .response<Session>()
      .problem(422, "weak_password")
      .problem(422, "user_already_exists")
      .problem(422, "signup_disabled")
      .problem(429, "over_email_send_rate_limit")
      .problem(503, "over_capacity");
  group.post("/token", bind(*this, &AuthRoutes::token))
      .summary("Opens a session by password or code, or goes on with one by its refresh token")
      .problem(400, "invalid_credentials")
      .problem(400, "user_banned")
      .problem(400, "bad_code_verifier")
      .problem(400, "bad_id_token")
      .problem(422, "identity_already_exists")
      .problem(503, "provider_unavailable")
      .problem(404, "flow_state_not_found")
      .problem(400, "refresh_token_not_found")
      .problem(400, "refresh_token_already_used")
      .problem(503, "over_capacity");
}

Reply AuthRoutes::sign_up(Context& context, const RedirectQuery& query,
                          const SignUpRequest& wanted) {
  if (AnonymousAccounts::is_meant(wanted)) {
    Reply session;
    session.body = to_json(anonymous_.sign_up(context, wanted));
    return session;
  }
  const SignedUp signed_up = accounts_.sign_up(context, wanted, query.redirect_to);
  Reply reply;
  reply.body = signed_up.session ? to_json(*signed_up.session) : to_json(signed_up.user);
  return reply;
}

Session AuthRoutes::token(Context& context, const GrantQuery& query, const TokenRequest& given) {
  if (query.grant_type == "password") return accounts_.sign_in(context, given);
  if (query.grant_type == "pkce") {
    return flows_.exchange(context,
                           {given.auth_code.value_or(""), given.code_verifier.value_or("")});
  }
  if (query.grant_type == "id_token") {
    IdTokenRequest presented{given.provider.value_or(""), given.id_token.value_or(""), given.nonce,
                             given.access_token, std::nullopt};
    if (given.link_identity.value_or(false)) presented.linking_user_id = live_caller(context);
    return oauth_.enter(context, presented);
  }
  require(query.grant_type == "refresh_token", Problem(400, "unsupported_grant_type"));
  const std::string refresh_token = given.refresh_token.value_or("");
  require(!refresh_token.empty() && refresh_token.size() <= 256,
          Problem(400, "refresh_token_not_found"));
  limits_.take(context, {"refresh", RateLimits::client_of(context),
                         settings_.limits.refresh_per_client.get(), kPassingStatus});
  return sessions_.refresh(context, refresh_token);
}

// The client sends no body at all, so this one reads its query by hand.
void AuthRoutes::logout(Context& context) const {
  const auto query = parse_query<LogoutQuery>(context.query_string(), context.language());
  const std::string_view session_id = context.principal().session_id;
  Database db = context.service_db();
  if (query.scope == "global") {
    end_all_sessions(db, context.user_id());
  } else if (query.scope == "others") {
    end_other_sessions(db, context.user_id(), session_id);
  } else {
    end_session(db, session_id);
  }
  standing_.catch_up();  // here at once; elsewhere at the signal
}

User AuthRoutes::user(Context& context) const {
  Database db = context.db();
  const auto account = account_of_session(db, context.user_id(), context.principal().session_id);
  require(account.has_value(), Problem(403, "session_not_found"));
  return as_user(*account);
}

Reply AuthRoutes::jwks(Context&) const {
  Reply reply;
  reply.headers.emplace_back("Cache-Control", "public, max-age=600");
  reply.body = tokens_.load()->jwks_json();
  return reply;
}

Json AuthRoutes::public_settings(Context&) const {
  boost::json::object external{
      {"email", true}, {"phone", false}, {"anonymous_users", anonymous_.is_enabled()}};
  for (const auto& [name, is_enabled] : oauth_.providers().all()) external[name] = is_enabled;
  return {{"external", std::move(external)},
          {"disable_signup", !settings_.sign_up_enabled.get()},
          {"mailer_autoconfirm", settings_.autoconfirm.get()},
          {"phone_autoconfirm", false},
          {"sms_provider", ""},
          {"saml_enabled", false}};
}

Json AuthRoutes::health(Context&) const {
  return {{"name", "Calixo Auth"},
          {"version", "1.0.0"},
          {"description", "Accounts and sessions of this server"}};
}

}  // namespace calixo::auth
