#include "mail/mail_transport.hpp"

#include "mail/file_transport.hpp"
#include "mail/smtp_transport.hpp"

namespace calixo::auth {

std::unique_ptr<MailTransport> make_mail_transport(Plugin& plugin, const MailSettings& settings) {
  if (settings.transport.get() == "file") {
    return std::make_unique<FileTransport>(plugin, settings.folder());
  }
  SmtpOptions options;
  options.host = settings.smtp_host.get();
  options.port = static_cast<std::uint16_t>(settings.smtp_port.get());
  options.tls = settings.smtp_tls.get();
  options.user = settings.smtp_user.get();
  options.password = settings.smtp_password.get();
  options.ca_file = settings.smtp_ca_file.get();
  options.timeout_s = settings.smtp_timeout_s.get();
  return std::make_unique<SmtpTransport>(std::move(options));
}

}  // namespace calixo::auth
