#include "mail/smtp_transport.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>

#include <calixo/work_context.hpp>

#include <sstream>
#include <stdexcept>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

namespace net = Poco::Net;

net::Context::Ptr tls_context(const SmtpOptions& options) {
  return new net::Context(net::Context::TLS_CLIENT_USE, options.ca_file,
                          net::Context::VERIFY_STRICT, 9, options.ca_file.empty());
}

net::StreamSocket connected(const SmtpOptions& options) {
  const Poco::Timespan timeout(options.timeout_s, 0);
  const net::SocketAddress address(options.host, options.port);
  const auto limit = [&](net::StreamSocket& socket) {
    socket.connect(address, timeout);
    socket.setReceiveTimeout(timeout);
    socket.setSendTimeout(timeout);
  };
  if (options.tls == "tls") {
    net::SecureStreamSocket socket(tls_context(options));
    socket.setPeerHostName(options.host);
    limit(socket);
    return socket;
  }
  net::StreamSocket socket;
  limit(socket);
  return socket;
}

// What Poco's session keeps protected: the server's abilities, its TLS by the name that was
// configured rather than by the address, and one command at a time, so that a refusal says of what.
class Conversation : public net::SMTPClientSession {
 public:
  Conversation(const SmtpOptions& options, const std::string& own_name)
      : net::SMTPClientSession(connected(options)), options_(options), own_name_(own_name) {
    setTimeout(Poco::Timespan(options.timeout_s, 0));
  }

  const std::string& step() const { return step_; }

  void send(const std::string& from, const std::string& to, const std::string& message) {
    greet();
    if (options_.tls == "starttls") start_tls();
    if (!options_.user.empty()) log_in();
    ask("MAIL FROM", "MAIL FROM:<" + from + ">");
    ask("RCPT TO", "RCPT TO:<" + to + ">");
    step_ = "DATA";
    sendData();
    step_ = "the message";
    std::istringstream text(message);
    sendMessage(text);
    step_ = "QUIT";
  }

 private:
  void greet() {
    step_ = "EHLO";
    login(own_name_, abilities_);
  }

  void ask(const char* step, const std::string& command) {
    step_ = step;
    std::string response;
    const int status = sendCommand(command, response);
    if (!isPositiveCompletion(status)) throw net::SMTPException(step, response, status);
  }

  // Without it nothing goes on: a server, or somebody between, that denies TLS gets no mail.
  void start_tls() {
    ask("STARTTLS", "STARTTLS");
    net::SecureStreamSocket secure =
        net::SecureStreamSocket::attach(socket(), options_.host, tls_context(options_));
    socket() = secure;
    setTimeout(Poco::Timespan(options_.timeout_s, 0));
    greet();
  }

  void log_in() {
    step_ = "AUTH";
    if (abilities_.find("PLAIN") != std::string::npos) {
      return loginUsingPlain(options_.user, options_.password);
    }
    loginUsingLogin(options_.user, options_.password);
  }

  const SmtpOptions& options_;
  std::string own_name_, abilities_, step_ = "the connection";
};

// The server's words may quote the recipient: its status is what operators get.
[[noreturn]] void throw_refusal(const std::string& step, int status) {
  const std::string reason =
      "the mail server refused " + step + " with status " + std::to_string(status);
  const bool is_of_this_mail = step == "RCPT TO" || step == "the message";
  if (is_of_this_mail && status >= 500) throw GiveUp(reason);
  throw std::runtime_error(reason);
}

}  // namespace

void SmtpTransport::send(const Mail& mail, const std::string&) {
  const std::string from = address_within(mail.from);
  const std::string domain = from.substr(from.rfind('@') + 1);
  const std::string message =
      message_text(mail, random_uuid() + "@" + domain, MailBody::quoted_printable);
  std::string step = "the connection";
  try {
    Conversation conversation(options_, domain);
    try {
      conversation.send(from, mail.to, message);
    } catch (...) {
      step = conversation.step();
      throw;
    }
    try {
      conversation.close();
    } catch (const Poco::Exception&) {  // it has the mail: how it says goodbye does not matter
    }
  } catch (const net::SMTPException& error) {
    throw_refusal(step, error.code());
  } catch (const Poco::TimeoutException&) {
    throw std::runtime_error("the mail server did not answer in time, at " + step);
  } catch (const net::SSLException& error) {
    throw std::runtime_error("TLS with the mail server failed: " + error.displayText());
  } catch (const Poco::Exception& error) {
    throw std::runtime_error("the mail server can't be reached, at " + step + ": " +
                             error.displayText());
  }
}

}  // namespace calixo::auth
