// A mail as RFC 5322 text with a plain and an HTML part. [any-thread]
#pragma once

#include <string>

#include "mail/mail_text.hpp"

namespace calixo::auth {

struct Mail {
  std::string from;  // "Calixo <noreply@calixo.example>" or the address alone
  std::string to;    // the address
  MailText text;
};

// How the parts are written: for a mail server's lines, or for people who open the file.
enum class MailBody { quoted_printable, plain };

// The whole message, lines ended by CR LF. message_id: without its angle brackets.
std::string message_text(const Mail& mail, const std::string& message_id, MailBody body);

// The address within "Name <address>". Throws std::invalid_argument where from has none, or holds
// what would end its header.
std::string address_within(const std::string& from);

}  // namespace calixo::auth
