// Mails that open accounts and confirm changes, in Supabase Auth's wire format.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "account_service.hpp"
#include "flow_service.hpp"
#include "mail/mail_desk.hpp"
#include "rate_limits.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "tokens/redirect_query.hpp"
#include "tokens/user_update_service.hpp"
#include "tokens/verify_service.hpp"

namespace calixo::auth {

// Of /otp, /magiclink, /recover and /resend; each uses what it needs. Nulls are accepted.
struct MailRequest {
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<std::string> type;
  std::optional<bool> create_user;
  std::optional<Json> data;
  std::optional<std::string> code_challenge;
  std::optional<std::string> code_challenge_method;
};
BOOST_DESCRIBE_STRUCT(MailRequest, (),
                      (email, phone, type, create_user, data, code_challenge,
                       code_challenge_method))

struct VerifyRequest {
  std::optional<std::string> type;
  std::optional<std::string> email;
  std::optional<std::string> token;
  std::optional<std::string> token_hash;
};
BOOST_DESCRIBE_STRUCT(VerifyRequest, (), (type, email, token, token_hash))

struct VerifyQuery {
  std::optional<std::string> token;
  std::optional<std::string> token_hash;
  std::optional<std::string> type;
  std::optional<std::string> redirect_to;
};
BOOST_DESCRIBE_STRUCT(VerifyQuery, (), (token, token_hash, type, redirect_to))

// Limits per client stand in front of everything that takes an address, a code or a token.
class TokenRoutes {
 public:
  TokenRoutes(Plugin& plugin, const Settings& settings, const SessionService& sessions,
              const MailDesk& desk, const UserUpdateService& updates, RateLimits& limits);

 private:
  void register_mails(RouteGroup& group);
  void register_verification(RouteGroup& group);

  Json otp(Context& context, const RedirectQuery& query, const MailRequest& wanted) const;
  Json recover(Context& context, const RedirectQuery& query, const MailRequest& wanted) const;
  Json resend(Context& context, const RedirectQuery& query, const MailRequest& wanted) const;
  Json order(Context& context, const RedirectQuery& query, const MailRequest& wanted,
             MailWish wish) const;
  Json reauthenticate(Context& context) const;
  Reply verify(Context& context, const VerifyRequest& given) const;
  Reply follow_link(Context& context, const VerifyQuery& given) const;
  std::string redirect_after(Context& context, const std::string& type, const std::string& token,
                             const std::string& target) const;
  User update(Context& context, const RedirectQuery& query, const UserUpdate& wanted) const;

  const Settings& settings_;
  const SessionService& sessions_;
  const MailDesk& desk_;
  const UserUpdateService& updates_;
  RateLimits& limits_;
};

}  // namespace calixo::auth
