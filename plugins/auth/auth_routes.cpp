#include "auth_routes.hpp"

#include <string_view>

#include "account_store.hpp"
#include "session_store.hpp"
#include "wire_problems.hpp"

namespace calixo::auth {
namespace {

void register_messages(Plugin& plugin) {
  plugin.message("invalid_credentials", {.es = "El correo o la contraseña no son correctos.",
                                         .en = "Invalid login credentials."});
  plugin.message("weak_password",
                 {.es = "La contraseña es demasiado débil.", .en = "The password is too weak."});
  plugin.message("user_already_exists",
                 {.es = "Ya hay una cuenta con este correo.", .en = "User already registered."});
  plugin.message("email_not_confirmed",
                 {.es = "El correo aún no está confirmado.", .en = "Email not confirmed."});
  plugin.message("signup_disabled", {.es = "Ahora no se admiten cuentas nuevas.",
                                     .en = "Signups are not allowed for this instance."});
  plugin.message("anonymous_provider_disabled", {.es = "El registro anónimo no está disponible.",
                                                 .en = "Anonymous sign-ins are disabled."});
  plugin.message("phone_provider_disabled", {.es = "El registro por teléfono no está disponible.",
                                             .en = "Phone sign-ups are disabled."});
  plugin.message("unsupported_grant_type", {.es = "Esta forma de entrar no está disponible.",
                                            .en = "This grant type is not supported."});
  plugin.message("refresh_token_not_found",
                 {.es = "La sesión ya no existe.", .en = "Invalid refresh token: not found."});
  plugin.message("refresh_token_already_used",
                 {.es = "La sesión se ha cerrado: su credencial se usó dos veces.",
                  .en = "Invalid refresh token: already used."});
  plugin.message("session_not_found", {.es = "La sesión ya no existe.",
                                       .en = "The session of this token does not exist."});
  plugin.message("over_capacity", {.es = "El servidor está ocupado; inténtalo en un momento.",
                                   .en = "The server is busy; try again in a moment."});
}

}  // namespace

AuthRoutes::AuthRoutes(Plugin& plugin, const Settings& settings, const AccountService& accounts,
                       const SessionService& sessions)
    : settings_(settings), accounts_(accounts), sessions_(sessions) {
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
      .problem(503, "over_capacity");
  group.post("/token", bind(*this, &AuthRoutes::token))
      .summary("Opens a session by password, or goes on with one by its refresh token")
      .problem(400, "invalid_credentials")
      .problem(400, "refresh_token_not_found")
      .problem(400, "refresh_token_already_used")
      .problem(503, "over_capacity");
}

Reply AuthRoutes::sign_up(Context& context, const SignUpRequest& wanted) const {
  const SignedUp signed_up = accounts_.sign_up(context, wanted);
  Reply reply;
  reply.body = signed_up.session ? to_json(*signed_up.session) : to_json(signed_up.user);
  return reply;
}

Session AuthRoutes::token(Context& context, const GrantQuery& query,
                          const TokenRequest& given) const {
  if (query.grant_type == "password") return accounts_.sign_in(context, given);
  require(query.grant_type == "refresh_token", Problem(400, "unsupported_grant_type"));
  const std::string refresh_token = given.refresh_token.value_or("");
  require(!refresh_token.empty() && refresh_token.size() <= 256,
          Problem(400, "refresh_token_not_found"));
  return sessions_.refresh(context, refresh_token);
}

// The client sends no body at all, so this one reads its query by hand.
void AuthRoutes::logout(Context& context) const {
  const auto query = parse_query<LogoutQuery>(context.query_string(), context.language());
  const std::string_view session_id = context.principal().session_id;
  Database db = context.service_db();
  if (query.scope == "global") return end_all_sessions(db, context.user_id());
  if (query.scope == "others") return end_other_sessions(db, context.user_id(), session_id);
  end_session(db, session_id);
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
  reply.body = tokens_->jwks_json();
  return reply;
}

Json AuthRoutes::public_settings(Context&) const {
  return {{"external", {{"email", true}, {"phone", false}, {"anonymous_users", false}}},
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
