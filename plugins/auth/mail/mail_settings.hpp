// The keys of mail. What a conversation with a mail server needs is read once, at start.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>

namespace calixo::auth {

struct MailSettings {
  explicit MailSettings(Plugin& plugin);

  // Throws std::runtime_error with the operator's mistake. [startup]
  void check() const;
  // Where files of mails are put. [startup]
  std::string folder() const;

  Setting<std::string> transport;  // "file" or "smtp"
  Setting<std::string> mail_folder;
  Setting<std::string> from;
  Setting<std::string> templates_folder;
  Setting<std::int64_t> interval_s;
  Setting<std::string> smtp_host;
  Setting<std::int64_t> smtp_port;
  Setting<std::string> smtp_tls;  // "starttls", "tls" or "none"
  Setting<std::string> smtp_user;
  Setting<std::string> smtp_password;
  Setting<std::string> smtp_ca_file;
  Setting<std::int64_t> smtp_timeout_s;
  Setting<std::string> data_folder;  // the host's
  Setting<std::string> public_url;   // the host's
};

}  // namespace calixo::auth
