// Mails to a mail server: one conversation a mail, by Poco::Net.
#pragma once

#include <cstdint>
#include <string>

#include "mail/mail_transport.hpp"

namespace calixo::auth {

struct SmtpOptions {
  std::string host;
  std::uint16_t port = 587;
  std::string tls;  // "starttls", "tls" or "none"
  std::string user;
  std::string password;
  std::string ca_file;  // empty: the system's authorities
  std::int64_t timeout_s = 15;
};

class SmtpTransport : public MailTransport {
 public:
  explicit SmtpTransport(SmtpOptions options) : options_(std::move(options)) {}

  void send(const Mail& mail, const std::string& link) override;
  void forget(const std::string&) override {}  // keeps none

 private:
  SmtpOptions options_;
};

}  // namespace calixo::auth
