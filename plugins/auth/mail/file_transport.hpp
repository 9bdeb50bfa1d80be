// Mails as files, for trying things out: whoever runs the server reads them in its folder.
#pragma once

#include <calixo/plugin.hpp>

#include <filesystem>

#include "mail/mail_transport.hpp"

namespace calixo::auth {

class FileTransport : public MailTransport {
 public:
  FileTransport(Plugin& plugin, std::filesystem::path folder)
      : plugin_(plugin), folder_(std::move(folder)) {}

  // <time>-<digest of the recipient>-<random>.eml, whole from the moment it can be seen, readable
  // by the server's user alone.
  void send(const Mail& mail, const std::string& link) override;
  void forget(const std::string& address) override;

 private:
  Plugin& plugin_;
  std::filesystem::path folder_;
};

}  // namespace calixo::auth
