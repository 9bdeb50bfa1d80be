// Accounts that administrators invite, and links into accounts that they hand out themselves in
// place of a mail.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "account_service.hpp"
#include "mail/mail_desk.hpp"
#include "settings.hpp"
#include "tokens/one_time_token.hpp"
#include "tokens/token_settings.hpp"

namespace calixo::auth {

// Nulls for what is not said.
struct InviteRequest {
  std::optional<std::string> email;
  std::optional<Json> data;
};
BOOST_DESCRIBE_STRUCT(InviteRequest, (), (email, data))

// type: signup, invite, magiclink, recovery, email_change_current or email_change_new.
struct LinkRequest {
  std::optional<std::string> type;
  std::optional<std::string> email;
  std::optional<std::string> new_email;  // of a change of address
  std::optional<std::string> password;   // of a sign-up
  std::optional<Json> data;              // of an account that is not in use yet
  std::optional<std::string> redirect_to;
};
BOOST_DESCRIBE_STRUCT(LinkRequest, (), (type, email, new_email, password, data, redirect_to))

// A link that was made: whoever has it or the token's code gets in.
struct GeneratedLink {
  Account account;
  OneTimeToken token;
  std::string verification_type;
  std::string url;
  std::string redirect_to;  // where it leads on to, if that is allowed
};

class LinkService {
 public:
  LinkService(const Settings& settings, const TokenSettings& tokens, const AccountService& accounts,
              PasswordWorkshop& workshop, const MailDesk& desk)
      : settings_(settings),
        tokens_(tokens),
        accounts_(accounts),
        workshop_(workshop),
        desk_(desk) {}

  // Sends the mail of an invitation; makes the account where there is none. Problems: 422
  // email_exists where somebody has shown that the address is theirs; 429
  // over_email_send_rate_limit; 400 validation_failed. [fiber, suspends]
  Account invite(Context& context, const InviteRequest& given,
                 const std::optional<std::string>& redirect_to) const;

  // Sends nothing. Takes the place of the person's last link of this kind. Problems: 404
  // user_not_found; 422 email_exists, weak_password; 400 validation_failed. [fiber, suspends]
  GeneratedLink generate(Context& context, const LinkRequest& given) const;

 private:
  // A request that was looked at.
  struct Wish {
    std::string purpose;
    std::string email;
    std::string new_email;
    std::string password_hash;
    std::optional<Json> data;
    std::string redirect_to;
  };

  Wish checked(Context& context, const LinkRequest& given) const;
  std::optional<Json> checked_data(const Context& context, const std::optional<Json>& data) const;
  std::string checked_hash(Context& context, const LinkRequest& given) const;
  GeneratedLink make(Context& context, Transaction& tx, const Wish& wish) const;
  void begin_change(Transaction& tx, const Account& account, const Wish& wish) const;

  const Settings& settings_;
  const TokenSettings& tokens_;
  const AccountService& accounts_;
  PasswordWorkshop& workshop_;
  const MailDesk& desk_;
};

}  // namespace calixo::auth
