// Makes the mails that were ordered and sends them: a job, so that a mail server that is down
// delays them and holds up nobody.
#pragma once

#include <calixo/plugin.hpp>

#include <memory>
#include <optional>
#include <string_view>

#include "mail/mail_desk.hpp"
#include "mail/mail_settings.hpp"
#include "mail/mail_store.hpp"
#include "mail/mail_transport.hpp"
#include "tokens/one_time_token.hpp"
#include "tokens/token_settings.hpp"

namespace calixo::auth {

class MailJob {
 public:
  // Registers itself and tells the desk. [startup]
  MailJob(Plugin& plugin, const Settings& settings, const MailSettings& mail,
          const TokenSettings& tokens, MailDesk& desk);

  // Removes what is kept of mails to an account's addresses. [fiber, suspends]
  void forget(Database& service, std::string_view user_id) const;

 private:
  // One attempt. What it writes before it sends is written anew by the next: a token that was in a
  // mail that did not arrive is void then. [fiber, suspends]
  void run(JobContext& job, const MailOrder& order);
  std::optional<Addressee> addressee(JobContext& job, const MailOrder& order) const;
  void make_account(Database& service, const MailOrder& order, Timestamp now) const;
  void order_awaited(JobContext& job, const MailOrder& order, const Addressee& to) const;
  void send(JobContext& job, const MailOrder& order, const Addressee& to,
            const OneTimeToken& token);

  Plugin& plugin_;
  const Settings& settings_;
  const MailSettings& mail_;
  const TokenSettings& tokens_;
  MailDesk& desk_;
  std::unique_ptr<MailTransport> transport_;
  // One conversation at a time: a mail server that hangs holds one worker thread, not all of them,
  // which passwords need as well.
  Mutex sending_;
};

}  // namespace calixo::auth
