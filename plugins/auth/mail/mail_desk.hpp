// Takes orders of mail. Whether the address has an account is not looked at here, so that neither
// the answer nor the work before it can tell: the job that makes the mail finds out.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "flow_service.hpp"
#include "mail/mail_order.hpp"
#include "mail/mail_settings.hpp"
#include "settings.hpp"

namespace calixo::auth {

// What somebody asks for.
struct MailWish {
  std::string purpose;  // as in MailOrder
  std::string email;
  std::optional<std::string> user_id = {};
  std::optional<std::string> redirect_to = {};
  CodeChallenge challenge = {};
  bool makes_account = false;
  std::optional<Json> data = {};
};

class MailDesk {
 public:
  MailDesk(const Settings& settings, const MailSettings& mail) : settings_(settings), mail_(mail) {}

  // The job that orders become. [startup]
  void use_job(Job<MailOrder> job) { job_ = job; }

  // With the commit of tx. Problems: 429 over_email_send_rate_limit with Retry-After; 400
  // validation_failed for a challenge that is none. [fiber, suspends]
  void order(Context& context, Transaction& tx, const MailWish& wish) const;
  // The same in a transaction of its own.
  void order(Context& context, const MailWish& wish) const;

  // A further mail that a running order stands for, whatever the interval.
  void order_again(Transaction& tx, MailOrder order) const;

  // A link that was made by hand takes the place of the mails of its purpose that still wait.
  static void supersede(Transaction& tx, const std::string& purpose, const std::string& email);

  // Whether no later order took its place.
  static bool is_last(Database& service, const MailOrder& order);

 private:
  const Settings& settings_;
  const MailSettings& mail_;
  Job<MailOrder> job_;
};

}  // namespace calixo::auth
