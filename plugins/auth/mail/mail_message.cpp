#include "mail/mail_message.hpp"

#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/StringPartSource.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "account.hpp"

namespace calixo::auth {
namespace {

using Poco::Net::MailMessage;
using Poco::Net::MailRecipient;

// Every line ended by CR LF: Poco passes a lone LF on, which mail servers refuse or, before a dot,
// take for the message's end.
std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool has_cr = i > 0 && text[i - 1] == '\r';
    const bool is_bare_cr = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' && !has_cr) out += '\r';
    out += text[i];
    if (is_bare_cr) out += '\n';
  }
  return out;
}

// The message owns it.
Poco::Net::PartSource* part_of(const std::string& text, const char* type) {
  return std::make_unique<Poco::Net::StringPartSource>(with_crlf(text), type).release();
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// "Name <address>" with the name encoded where it is not ASCII.
std::string sender_of(const std::string& from) {
  const auto open = from.rfind('<');
  if (open == std::string::npos || open == 0) return from;
  std::string name = from.substr(0, open);
  name.erase(name.find_last_not_of(' ') + 1);
  return MailMessage::encodeWord(name) + " <" + address_within(from) + ">";
}

}  // namespace

std::string address_within(const std::string& from) {
  const auto open = from.rfind('<');
  std::string address = from;
  if (open != std::string::npos) {
    if (!from.ends_with('>')) throw std::invalid_argument("'" + from + "' is no sender");
    address = from.substr(open + 1, from.size() - open - 2);
  }
  if (has_control(from) || !normal_email(address)) {
    throw std::invalid_argument("'" + from + "' is no sender");
  }
  return address;
}

std::string message_text(const Mail& mail, const std::string& message_id, MailBody body) {
  const auto encoding =
      body == MailBody::plain ? MailMessage::ENCODING_8BIT : MailMessage::ENCODING_QUOTED_PRINTABLE;
  MailMessage message;
  message.setSender(sender_of(mail.from));
  message.addRecipient(MailRecipient(MailRecipient::PRIMARY_RECIPIENT, mail.to));
  message.setSubject(MailMessage::encodeWord(mail.text.subject));
  message.setDate(Poco::Timestamp());
  message.set("Message-ID", "<" + message_id + ">");
  // RFC 3834: no answering machine answers it.
  message.set("Auto-Submitted", "auto-generated");
  message.setContentType("multipart/alternative");
  message.addContent(part_of(mail.text.text, "text/plain; charset=UTF-8"), encoding);
  message.addContent(part_of(mail.text.html, "text/html; charset=UTF-8"), encoding);
  std::ostringstream out;
  message.write(out);
  return out.str();
}

}  // namespace calixo::auth
