#include "admin/link_routes.hpp"

#include "admin/admin_problems.hpp"

namespace calixo::auth {

LinkRoutes::LinkRoutes(Plugin& plugin, const LinkService& links) : links_(links) {
  RouteGroup group = plugin.group({"/api/auth", "/auth/v1"});
  group.render_problems(&render_admin_problem).tag("auth admin").allow(Role::service | Role::admin);
  group.post("/invite", bind(*this, &LinkRoutes::invite))
      .summary("Invites an address by mail, whether or not anybody may sign up")
      .problem(422, "email_exists")
      .problem(429, "over_email_send_rate_limit");
  group.post("/admin/generate_link", bind(*this, &LinkRoutes::generate))
      .summary("Makes the link and the code of a mail, for the caller to hand out; sends nothing")
      .problem(404, "user_not_found")
      .problem(422, "email_exists")
      .problem(422, "weak_password");
}

User LinkRoutes::invite(Context& context, const RedirectQuery& query,
                        const InviteRequest& given) const {
  return as_user(links_.invite(context, given, query.redirect_to));
}

WireLink LinkRoutes::generate(Context& context, const RedirectQuery& query,
                              const LinkRequest& given) const {
  LinkRequest wanted = given;
  if (!wanted.redirect_to) wanted.redirect_to = query.redirect_to;
  const GeneratedLink made = links_.generate(context, wanted);
  WireLink link;
  static_cast<User&>(link) = as_user(made.account);
  link.action_link = made.url;
  link.email_otp = made.token.code;
  link.hashed_token = made.token.token;
  link.redirect_to = made.redirect_to;
  link.verification_type = made.verification_type;
  return link;
}

}  // namespace calixo::auth
