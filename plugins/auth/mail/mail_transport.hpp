// Where a mail goes. Implementations are used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "mail/mail_message.hpp"
#include "mail/mail_settings.hpp"

namespace calixo::auth {

class MailTransport {
 public:
  virtual ~MailTransport() = default;

  // link: what the mail leads to, empty where it has a code alone. Throws GiveUp where no further
  // attempt will pass, std::runtime_error where one may; neither quotes an address or the mail.
  // [blocks]
  virtual void send(const Mail& mail, const std::string& link) = 0;

  // Removes what is kept of mails to this address. [any-thread, blocks]
  virtual void forget(const std::string& address) = 0;
};

// As configured. [startup]
std::unique_ptr<MailTransport> make_mail_transport(Plugin& plugin, const MailSettings& settings);

}  // namespace calixo::auth
