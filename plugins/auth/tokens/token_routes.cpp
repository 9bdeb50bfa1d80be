#include "tokens/token_routes.hpp"

#include "problems.hpp"
#include "tokens/link_redirects.hpp"
#include "tokens/one_time_token.hpp"
#include "tokens/token_messages.hpp"
#include "wire_problems.hpp"

namespace calixo::auth {
namespace {

constexpr Text kBadEmail{"No es una dirección de correo válida.",
                         "Unable to validate email address: invalid format."};
constexpr Text kBadResend{"type debe ser signup o email_change.",
                          "type must be signup or email_change."};
constexpr Text kNoToken{"Faltan type y token, o email y token, o token_hash.",
                        "Verify requires a type and a token, or an email and a token, or a "
                        "token_hash."};
const SessionService::Entry kByMail{"otp", "email"};

Json nothing() { return boost::json::object(); }

Reply looked_at() {
  Reply reply;
  reply.headers = {{"Cache-Control", "no-store"}};
  reply.content_type = "text/plain; charset=utf-8";
  return reply;
}

// Nothing between here and the person may keep or pass on what the address holds.
Reply redirect_reply(const std::string& target) {
  Reply reply;
  reply.status = 303;
  reply.headers = {
      {"Location", target}, {"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}};
  reply.content_type = "text/plain; charset=utf-8";
  return reply;
}

}  // namespace

TokenRoutes::TokenRoutes(Plugin& plugin, const Settings& settings, const SessionService& sessions,
                         const MailDesk& desk, const UserUpdateService& updates, RateLimits& limits)
    : settings_(settings), sessions_(sessions), desk_(desk), updates_(updates), limits_(limits) {
  RouteGroup group = plugin.group({"/api/auth", "/auth/v1"});
  group.render_problems(&render_wire_problem).tag("auth");
  register_mails(group);
  register_verification(group);
  register_token_messages(plugin);
}

void TokenRoutes::register_mails(RouteGroup& group) {
  for (const char* path : {"/otp", "/magiclink"}) {
    group.post(path, bind(*this, &TokenRoutes::otp))
        .summary("Sends a link and a code to sign in with; the same answer for every address")
        .problem(429, "over_email_send_rate_limit");
  }
  group.post("/recover", bind(*this, &TokenRoutes::recover))
      .summary(
          "Sends a link and a code to choose a new password; the same answer for every address")
      .problem(429, "over_email_send_rate_limit");
  group.post("/resend", bind(*this, &TokenRoutes::resend))
      .summary("Sends the mail of a sign-up or of a change of address once more")
      .problem(429, "over_email_send_rate_limit");
  group.get("/reauthenticate", bind(*this, &TokenRoutes::reauthenticate))
      .allow(Role::user)
      .summary("Sends the code that a change to the account may ask for")
      .problem(403, "session_not_found")
      .problem(429, "over_email_send_rate_limit");
}

void TokenRoutes::register_verification(RouteGroup& group) {
  group.post("/verify", bind(*this, &TokenRoutes::verify))
      .summary("Opens a session by the code or the link's token of a mail")
      .response<Session>()
      .problem(403, "otp_expired")
      .problem(429, "over_request_rate_limit")
      .problem(422, "email_exists")
      .problem(400, "user_banned");
  group.get("/verify", bind(*this, &TokenRoutes::follow_link))
      .summary("A mail's link: leads on with the session, or with what went wrong")
      .status(303);
  group.put("/user", bind(*this, &TokenRoutes::update))
      .allow(Role::user)
      .summary("Changes the caller's password, address or data")
      .problem(403, "session_not_found")
      .problem(422, "same_password")
      .problem(422, "weak_password")
      .problem(422, "email_exists")
      .problem(400, "reauthentication_needed")
      .problem(422, "reauthentication_not_valid")
      .problem(429, "over_email_send_rate_limit");
}

Json TokenRoutes::order(Context& context, const RedirectQuery& query, const MailRequest& wanted,
                        MailWish wish) const {
  limits_.take(context,
               {"mail", RateLimits::client_of(context), settings_.limits.mail_per_client.get()});
  require(wanted.phone.value_or("").empty() || wanted.email.has_value(),
          Problem(422, "phone_provider_disabled"));
  wish.email =
      or_fail(normal_email(wanted.email.value_or("")), validation_problem(context, kBadEmail));
  wish.redirect_to = query.redirect_to;
  wish.challenge = {wanted.code_challenge, wanted.code_challenge_method};
  desk_.order(context, wish);
  return nothing();
}

Json TokenRoutes::otp(Context& context, const RedirectQuery& query,
                      const MailRequest& wanted) const {
  MailWish wish{std::string(token_purpose::magiclink), {}};
  wish.makes_account = wanted.create_user.value_or(true);
  if (wanted.data && !wanted.data->is_null()) {
    check_user_data(context, settings_, *wanted.data);
    wish.data = wanted.data;
  }
  return order(context, query, wanted, std::move(wish));
}

Json TokenRoutes::recover(Context& context, const RedirectQuery& query,
                          const MailRequest& wanted) const {
  return order(context, query, wanted, {std::string(token_purpose::recovery), {}});
}

Json TokenRoutes::resend(Context& context, const RedirectQuery& query,
                         const MailRequest& wanted) const {
  const std::string type = wanted.type.value_or("");
  require(type == "signup" || type == "email_change", validation_problem(context, kBadResend));
  return order(context, query, wanted, {type, {}});
}

Json TokenRoutes::reauthenticate(Context& context) const {
  updates_.send_nonce(context);
  return nothing();
}

Reply TokenRoutes::verify(Context& context, const VerifyRequest& given) const {
  const std::string type = given.type.value_or("");
  const std::string hash = given.token_hash.value_or("");
  const std::string code = given.token.value_or("");
  require(!hash.empty() || (!code.empty() && given.email), validation_problem(context, kNoToken));
  const Limited by_client{"verify", RateLimits::client_of(context),
                          settings_.limits.verify_per_client.get()};
  limits_.take(context, by_client);
  const Verified verified = hash.empty() ? VerifyService::by_code(context, type, *given.email, code)
                                         : VerifyService::by_token(context, type, hash);
  limits_.give_back(context, by_client);
  Reply reply;
  if (verified.account) {
    reply.body = to_json(sessions_.enter(context, *verified.account, kByMail));
  } else {
    reply.body = to_json(Json{{"code", "200"}, {"msg", half_done_text(context.language())}});
  }
  return reply;
}

Reply TokenRoutes::follow_link(Context& context, const VerifyQuery& given) const {
  // Mail scanners look at links before people do; looking takes nothing.
  if (context.method() == "HEAD") return looked_at();
  const std::string target =
      allowed_redirect(redirect_rules(settings_, context), given.redirect_to.value_or(""));
  const std::string token = given.token_hash.value_or(given.token.value_or(""));
  try {
    return redirect_reply(redirect_after(context, given.type.value_or(""), token, target));
  } catch (const Problem& problem) {
    // The person is in a browser: their page says what went wrong, not a document of this server.
    if (problem.http_status() >= 500) throw;
    const std::string text = link_failure_text(problem.code(), context.language());
    return redirect_reply(
        failure_redirect(target, problem.code(), text, token.starts_with(kPkcePrefix)));
  }
}

std::string TokenRoutes::redirect_after(Context& context, const std::string& type,
                                        const std::string& token, const std::string& target) const {
  const Verified verified = VerifyService::by_token(context, type, token);
  const bool is_pkce = token.starts_with(kPkcePrefix);
  if (!verified.account) {
    return half_done_redirect(target, half_done_text(context.language()), is_pkce);
  }
  if (is_pkce) {
    // Its client waits for a code: where the flow is gone, tokens in its place would go to whoever
    // has the link.
    const Problem expired(403, "otp_expired");
    const std::string flow = or_fail(verified.token.flow_state_id, expired);
    Database db = context.service_db();
    const auto code = FlowService::issue_code(db, flow, verified.account->id);
    return with_query(target, "code", or_fail(code, expired));
  }
  return session_redirect(target, sessions_.enter(context, *verified.account, kByMail), type);
}

User TokenRoutes::update(Context& context, const RedirectQuery& query,
                         const UserUpdate& wanted) const {
  limits_.take(context, {"change", std::string(context.user_id()),
                         settings_.limits.change_per_account.get()});
  return as_user(updates_.update(context, wanted, query.redirect_to));
}

}  // namespace calixo::auth
