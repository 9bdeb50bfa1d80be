#include "http/client/outbound_attempt.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/NetSSL.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/URI.h>
#include <sys/socket.h>
#include <unistd.h>

#include <istream>
#include <stdexcept>

namespace calixo::host {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

Poco::Timespan timespan(std::chrono::milliseconds duration) {
  return Poco::Timespan(duration.count() * Poco::Timespan::MILLISECONDS);
}

std::chrono::milliseconds left_until(Deadline deadline) {
  const auto left = deadline.at() - MonotonicClock::now();
  if (left <= MonotonicClock::duration::zero()) throw Poco::TimeoutException();
  return std::chrono::ceil<std::chrono::milliseconds>(left);
}

// Brackets belong to the text of a URL, not to the address.
std::string bare_host(const std::string& host) {
  const bool is_literal = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return is_literal ? host.substr(1, host.size() - 2) : host;
}

std::string host_header(const Poco::URI& uri) {
  const bool is_usual = uri.getPort() == (uri.getScheme() == "https" ? 443 : 80);
  return is_usual ? uri.getHost() : uri.getHost() + ":" + std::to_string(uri.getPort());
}

}  // namespace

Poco::Net::Context::Ptr OutboundTrust::context() {
  const std::lock_guard lock(mutex_);
  if (context_) return context_;
  Poco::Net::initializeSSL();
  Poco::Net::Context::Params params;
  params.caLocation = ca_file_;
  // Relaxed would leave out the name of whoever calls itself localhost.
  params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
  params.loadDefaultCAs = ca_file_.empty();
  try {
    context_ = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params);
  } catch (const Poco::Exception& failure) {
    throw std::runtime_error("outbound.ca_file " + ca_file_ + ": " + failure.displayText());
  }
  context_->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  return context_;
}

void OutboundAttempt::run() {
  try {
    const Poco::URI uri(request_.url);
    const bool is_tls = uri.getScheme() == "https";
    const std::string host = bare_host(uri.getHost());
    StreamSocket socket;
    connect(socket, host, uri.getPort());
    socket.setSendTimeout(timespan(left_until(deadline_)));
    socket.setReceiveTimeout(timespan(left_until(deadline_)));
    if (is_tls) socket = Poco::Net::SecureStreamSocket::attach(socket, host, trust_.context());
    exchange(socket, host_header(uri), uri.getPathAndQuery());
  } catch (const Poco::TimeoutException&) {
    fail(OutboundOutcome::timed_out, "too slow");
  } catch (const Poco::Exception& failure) {
    fail(OutboundOutcome::unreachable, failure.displayText());
  } catch (const std::exception& failure) {
    fail(OutboundOutcome::unreachable, failure.what());
  }
  let_go();
}

// The addresses of the host one after another; the last one's failure is the connection's.
void OutboundAttempt::connect(StreamSocket& socket, const std::string& host, std::uint16_t port) {
  const Deadline limit = Deadline::in(request_.connect_timeout).sooner(deadline_);
  Poco::Net::IPAddress literal;
  Poco::Net::HostEntry::AddressList addresses;
  if (Poco::Net::IPAddress::tryParse(host, literal)) {
    addresses.push_back(literal);
  } else {
    addresses = Poco::Net::DNS::resolve(host).addresses();
  }
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const SocketAddress address(addresses[i], port);
    socket = StreamSocket(address.family());
    if (!hold(socket)) throw Poco::Net::ConnectionAbortedException("ended");
    try {
      return socket.connect(address, timespan(left_until(limit)));
    } catch (const Poco::Exception&) {
      let_go();
      if (i + 1 == addresses.size()) throw;
    }
  }
  throw Poco::Net::NoAddressFoundException(host);
}

void OutboundAttempt::exchange(const StreamSocket& socket, const std::string& host_header,
                               const std::string& target) {
  Poco::Net::HTTPRequest head(request_.method, target.empty() ? "/" : target,
                              Poco::Net::HTTPMessage::HTTP_1_1);
  head.set(Poco::Net::HTTPRequest::HOST, host_header);
  head.set("User-Agent", "Calixo");
  for (const auto& [name, value] : request_.headers) head.set(name, value);
  const bool has_body = !request_.body.empty() || !is_idempotent(request_.method);
  if (has_body) head.setContentLength64(static_cast<Poco::Int64>(request_.body.size()));

  // Over TLS as well: Poco 1.11's HTTPSClientSession takes no socket that is connected already.
  Poco::Net::HTTPClientSession session(socket);
  session.sendRequest(head) << request_.body << std::flush;
  Poco::Net::HTTPResponse response;
  std::istream& body = session.receiveResponse(response);
  answer_.status = static_cast<int>(response.getStatus());
  for (const auto& [name, value] : response) answer_.headers.emplace_back(name, value);
  const bool has_length = response.hasContentLength() && request_.method != "HEAD" &&
                          answer_.status != 204 && answer_.status != 304;
  outcome_ = OutboundOutcome::answered;
  read_body(body, has_length, has_length ? response.getContentLength64() : 0);
  if (const Poco::Exception* failure = session.networkException()) failure->rethrow();
}

void OutboundAttempt::read_body(std::istream& from, bool has_length, std::uint64_t length) {
  const std::uint64_t most = request_.answer_bytes_max;
  if (has_length && length > most) return fail(OutboundOutcome::too_long, "the answer is too long");
  char piece[16 * 1024];
  while (from.read(piece, sizeof piece), from.gcount() > 0) {
    answer_.body.append(piece, static_cast<std::size_t>(from.gcount()));
    if (answer_.body.size() > most) {
      return fail(OutboundOutcome::too_long, "the answer is too long");
    }
    left_until(deadline_);
  }
  if (has_length && answer_.body.size() < length) {
    fail(OutboundOutcome::unreachable, "the answer ended early");
  }
}

void OutboundAttempt::fail(OutboundOutcome outcome, std::string reason) {
  outcome_ = outcome;
  reason_ = std::move(reason);
  answer_ = {};
}

// From now on end() reaches the socket, by a descriptor of its own: Poco closes the other one when
// it likes. False: it was ended before.
bool OutboundAttempt::hold(const StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  descriptor_ = ::dup(socket.impl()->sockfd());
  return !is_ended_;
}

void OutboundAttempt::let_go() {
  const std::lock_guard lock(mutex_);
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void OutboundAttempt::end() {
  const std::lock_guard lock(mutex_);
  is_ended_ = true;
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_RDWR);
}

}  // namespace calixo::host
