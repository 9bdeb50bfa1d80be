#include "mail/mail_settings.hpp"

#include <filesystem>
#include <stdexcept>

#include "mail/mail_message.hpp"

namespace calixo::auth {
namespace {

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace

MailSettings::MailSettings(Plugin& plugin)
    : transport(
          plugin.key<std::string>("auth.mail_transport", "file")
              .choices({"file", "smtp"})
              .describe("file: mails are written to auth.mail_folder and their links printed, "
                        "for trying things out; smtp: they are sent")
              .setting()),
      mail_folder(plugin.key<std::string>("auth.mail_folder", "")
                      .max(4096)
                      .describe("Where the files of mails are put; empty: mail in data.folder")
                      .setting()),
      from(plugin.key<std::string>("auth.mail_from", "Calixo <noreply@calixo.local>")
               .min(3)
               .max(320)
               .describe("The sender of mails: an address, or a name and the address in <>")
               .setting()),
      templates_folder(
          plugin.key<std::string>("auth.mail_templates_folder", "")
              .max(4096)
              .describe("Texts in place of the built-in ones: <purpose>.<es|en>.subject, .txt and "
                        ".html, the purpose being signup, invite, magiclink, recovery, "
                        "email_change or reauthentication; empty: none")
              .setting()),
      interval_s(
          plugin.key<std::int64_t>("auth.mail_interval_s", 60)
              .min(0)
              .max(86'400)
              .describe("Least time between two mails of one purpose to one address, seconds")
              .runtime()
              .setting()),
      smtp_host(plugin.key<std::string>("auth.smtp_host", "localhost")
                    .min(1)
                    .max(253)
                    .describe("The mail server; its certificate must bear this name")
                    .setting()),
      smtp_port(plugin.key<std::int64_t>("auth.smtp_port", 587)
                    .min(1)
                    .max(65'535)
                    .describe("The mail server's port: usually 587 with starttls, 465 with tls")
                    .setting()),
      smtp_tls(plugin.key<std::string>("auth.smtp_tls", "starttls")
                   .choices({"starttls", "tls", "none"})
                   .describe("How the connection to the mail server is encrypted; none is for a "
                             "server on this machine")
                   .setting()),
      smtp_user(plugin.key<std::string>("auth.smtp_user", "")
                    .max(320)
                    .describe("User name at the mail server; empty: without one")
                    .setting()),
      smtp_password(plugin.key<std::string>("auth.smtp_password", "")
                        .max(1024)
                        .describe("Password at the mail server")
                        .secret()
                        .setting()),
      smtp_ca_file(
          plugin.key<std::string>("auth.smtp_ca_file", "")
              .max(4096)
              .describe("PEM file of the authorities that the mail server's certificate is "
                        "checked against; empty: the system's")
              .setting()),
      smtp_timeout_s(plugin.key<std::int64_t>("auth.smtp_timeout_s", 15)
                         .min(1)
                         .max(60)
                         .describe("How long each answer of the mail server is waited for, seconds")
                         .setting()),
      data_folder(plugin.host(), "data.folder"),
      public_url(plugin.host(), "http.public_url") {}

void MailSettings::check() const {
  try {
    address_within(from.get());
  } catch (const std::invalid_argument&) {
    throw std::runtime_error("auth.mail_from is neither an address nor 'Name <address>'");
  }
  const std::string templates = templates_folder.get();
  if (!templates.empty() && !std::filesystem::is_directory(templates)) {
    throw std::runtime_error("auth.mail_templates_folder: there is no folder " + templates);
  }
  if (transport.get() != "smtp") return;
  if (public_url.get().empty()) {
    // Else whoever asks for somebody's mail would choose, by their request's Host, where its link
    // leads.
    throw std::runtime_error("auth.mail_transport=smtp needs http.public_url: the links in mails");
  }
  if (smtp_tls.get() == "none" && !smtp_user.get().empty() && !is_loopback(smtp_host.get())) {
    throw std::runtime_error(
        "auth.smtp_user with auth.smtp_tls=none would send the password "
        "readable over the network");
  }
}

std::string MailSettings::folder() const {
  std::string configured = mail_folder.get();
  if (!configured.empty()) return configured;
  return (std::filesystem::path(data_folder.get()) / "mail").string();
}

}  // namespace calixo::auth
