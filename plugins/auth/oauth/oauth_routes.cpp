#include "oauth_routes.hpp"

#include <calixo/query.hpp>

#include "account_store.hpp"
#include "wire_problems.hpp"

namespace calixo::auth {
namespace {

VisitRequest as_visit(const AuthorizeQuery& query) {
  VisitRequest wanted;
  wanted.provider = query.provider.value_or("");
  wanted.redirect_to = query.redirect_to;
  wanted.scopes = query.scopes.value_or("");
  wanted.challenge = {query.code_challenge, query.code_challenge_method};
  wanted.is_bound_to_browser = !query.skip_http_redirect.value_or(false);
  return wanted;
}

Reply departure(const AuthorizeQuery& query, const OAuthService::Departure& to) {
  Reply reply;
  reply.headers.emplace_back("Cache-Control", "no-store");
  if (query.skip_http_redirect.value_or(false)) {
    reply.body = to_json(DepartureUrl{to.url});
    return reply;
  }
  reply.status = 302;
  reply.headers.emplace_back("Location", to.url);
  if (!to.cookie.empty()) reply.headers.emplace_back("Set-Cookie", to.cookie);
  return reply;
}

}  // namespace

OAuthRoutes::OAuthRoutes(Plugin& plugin, OAuthService& oauth, const IdentityService& identities)
    : oauth_(oauth), identities_(identities) {
  RouteGroup group = plugin.group({"/api/auth", "/auth/v1"});
  group.render_problems(&render_wire_problem).tag("auth");
  group.get("/authorize", bind(*this, &OAuthRoutes::authorize))
      .summary("Sends a person to a provider to sign in there")
      .status(302)
      .problem(400, "validation_failed")
      .problem(503, "provider_unavailable");
  group.get("/callback", bind(*this, &OAuthRoutes::callback))
      .summary("Where providers send people back to")
      .status(303);
  group.post("/callback", bind(*this, &OAuthRoutes::form_callback))
      .consumes("application/x-www-form-urlencoded")
      .body_bytes_max(64 * 1024)
      .summary("The same, for a provider that comes back with a form")
      .status(303);
  group.get("/user/identities/authorize", bind(*this, &OAuthRoutes::link))
      .allow(Role::user)
      .summary("Sends the caller to a provider to add an identity")
      .response<DepartureUrl>()
      .problem(400, "validation_failed")
      .problem(403, "session_not_found")
      .problem(503, "provider_unavailable");
  group.del("/user/identities/{identity_id:uuid}", bind(*this, &OAuthRoutes::unlink))
      .allow(Role::user)
      .summary("Takes an identity from the caller's account")
      .problem(403, "session_not_found")
      .problem(422, "identity_not_found")
      .problem(422, "single_identity_not_deletable");
  register_oauth_messages(plugin);
}

Reply OAuthRoutes::authorize(Context& context, const AuthorizeQuery& query) {
  return departure(query, oauth_.depart(context, as_visit(query)));
}

Reply OAuthRoutes::link(Context& context, const AuthorizeQuery& query) {
  VisitRequest wanted = as_visit(query);
  wanted.linking_user_id = live_caller(context);
  return departure(query, oauth_.depart(context, wanted));
}

Reply OAuthRoutes::callback(Context& context, const CallbackQuery& query) {
  Reply reply;
  reply.status = 303;
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  reply.headers.emplace_back("Location", oauth_.arrive(context, query));
  return reply;
}

Reply OAuthRoutes::form_callback(Context& context) {
  return callback(context, parse_query<CallbackQuery>(context.raw_body(), context.language()));
}

Json OAuthRoutes::unlink(Context& context) const {
  identities_.unlink(context, live_caller(context), context.path<std::string>("identity_id"));
  return boost::json::object();
}

std::string live_caller(Context& context) {
  Database db = context.db();
  const auto account = account_of_session(db, context.user_id(), context.principal().session_id);
  require(account.has_value(), Problem(403, "session_not_found"));
  return account->id;
}

void register_oauth_messages(Plugin& plugin) {
  plugin.message("provider_unavailable",
                 {.es = "El proveedor no responde; inténtalo en un momento.",
                  .en = "The provider does not answer; try again in a moment."});
  plugin.message("bad_id_token", {.es = "El proveedor no avala esta identidad.",
                                  .en = "The ID token is not valid."});
  plugin.message("oauth_code_rejected", {.es = "El proveedor no acepta el código.",
                                         .en = "The provider did not accept the code."});
  plugin.message("identity_already_exists", {.es = "Esta identidad ya está vinculada.",
                                             .en = "Identity is already linked to a user."});
  plugin.message("identity_not_found",
                 {.es = "Esta identidad no existe.", .en = "Identity doesn't exist."});
  plugin.message("single_identity_not_deletable",
                 {.es = "La cuenta debe conservar al menos una identidad.",
                  .en = "User must have at least 1 identity after unlinking."});
}

}  // namespace calixo::auth
