// Invitations and links that are handed out by other means than this server's mail, in Supabase
// Auth's wire format: /auth/v1/invite and /auth/v1/admin/generate_link, for the service key and for
// administrators.
#pragma once

#include <calixo/plugin.hpp>

#include <string>

#include "admin/link_service.hpp"
#include "tokens/redirect_query.hpp"

namespace calixo::auth {

// The account, and beside its fields what the link consists of.
struct WireLink : User {
  std::string action_link;
  std::string email_otp;
  std::string hashed_token;
  std::string redirect_to;
  std::string verification_type;
};
BOOST_DESCRIBE_STRUCT(WireLink, (User),
                      (action_link, email_otp, hashed_token, redirect_to, verification_type))

class LinkRoutes {
 public:
  LinkRoutes(Plugin& plugin, const LinkService& links);

 private:
  User invite(Context& context, const RedirectQuery& query, const InviteRequest& given) const;
  WireLink generate(Context& context, const RedirectQuery& query, const LinkRequest& given) const;

  const LinkService& links_;
};

}  // namespace calixo::auth
