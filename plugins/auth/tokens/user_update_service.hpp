// Changes that people make to their own account.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

#include "account.hpp"
#include "account_service.hpp"
#include "mail/mail_desk.hpp"
#include "settings.hpp"
#include "tokens/token_settings.hpp"

namespace calixo::auth {

// The wire format sends nulls for what it does not use.
struct UserUpdate {
  std::optional<std::string> email;
  std::optional<std::string> password;
  std::optional<std::string> current_password;
  std::optional<std::string> nonce;
  std::optional<Json> data;
  std::optional<std::string> phone;
  std::optional<std::string> code_challenge;
  std::optional<std::string> code_challenge_method;
};
BOOST_DESCRIBE_STRUCT(UserUpdate, (),
                      (email, password, current_password, nonce, data, phone, code_challenge,
                       code_challenge_method))

class UserUpdateService {
 public:
  UserUpdateService(const Settings& settings, const TokenSettings& tokens,
                    const AccountService& accounts, PasswordWorkshop& workshop,
                    const MailDesk& desk)
      : settings_(settings),
        tokens_(tokens),
        accounts_(accounts),
        workshop_(workshop),
        desk_(desk) {}

  // All of it or nothing. The account as it is afterwards; a change of address waits for its
  // confirmation. Problems: 403 session_not_found; 422 same_password, weak_password, email_exists,
  // reauthentication_not_valid; 400 reauthentication_needed, validation_failed; 429
  // over_email_send_rate_limit. [fiber, suspends]
  Account update(Context& context, const UserUpdate& wanted,
                 const std::optional<std::string>& redirect_to) const;

  // Sends the code that such a change may ask for. [fiber, suspends]
  void send_nonce(Context& context) const;

 private:
  struct DataChange {
    boost::json::object kept;
    std::vector<std::string> removed;
    bool is_empty() const { return kept.empty() && removed.empty(); }
  };

  Account account_of(Context& context) const;
  std::optional<std::string> new_address(const Context& context, const Account& account,
                                         const UserUpdate& wanted) const;
  DataChange data_change(const Context& context, const Account& account,
                         const UserUpdate& wanted) const;
  // Of the new password, whose change was proved to be its owner's where that is asked for.
  std::string proved_hash(Context& context, const Account& account, const UserUpdate& wanted) const;
  void change_address(Context& context, Transaction& tx, const Account& account,
                      const std::string& email, const MailWish& wish) const;

  const Settings& settings_;
  const TokenSettings& tokens_;
  const AccountService& accounts_;
  PasswordWorkshop& workshop_;
  const MailDesk& desk_;
};

}  // namespace calixo::auth
