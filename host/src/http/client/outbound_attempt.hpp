// One attempt at a request, on a thread that may block, ended from any other one.
#pragma once

#include <Poco/Net/Context.h>

#include <iosfwd>
#include <mutex>
#include <string>

#include "http/client/outbound_request.hpp"
#include "runtime/deadline.hpp"

namespace Poco::Net {
class StreamSocket;
}  // namespace Poco::Net

namespace calixo::host {

class OutboundTrust;

class OutboundAttempt {
 public:
  // The request holds; trust outlives the attempt.
  OutboundAttempt(OutboundRequest request, OutboundTrust& trust, Deadline deadline)
      : request_(std::move(request)), trust_(trust), deadline_(deadline) {}

  // Connects, sends, reads the whole answer. Blocks. Once.
  void run();
  // Makes run() end soon; before run(): at once. [any-thread]
  void end();

  // After run(), by whoever saw it end.
  OutboundOutcome outcome() const { return outcome_; }
  const std::string& reason() const { return reason_; }  // of a failure, for the log
  OutboundAnswer take_answer() { return std::move(answer_); }

 private:
  void connect(Poco::Net::StreamSocket& socket, const std::string& host, std::uint16_t port);
  void exchange(const Poco::Net::StreamSocket& socket, const std::string& host_header,
                const std::string& target);
  void read_body(std::istream& from, bool has_length, std::uint64_t length);
  bool hold(const Poco::Net::StreamSocket& socket);
  void let_go();
  void fail(OutboundOutcome outcome, std::string reason);

  const OutboundRequest request_;
  OutboundTrust& trust_;
  const Deadline deadline_;
  OutboundOutcome outcome_ = OutboundOutcome::unreachable;
  OutboundAnswer answer_;
  std::string reason_;

  std::mutex mutex_;  // over the two below
  int descriptor_ = -1;
  bool is_ended_ = false;
};

// Whose certificates are believed; read at the first use of TLS.
class OutboundTrust {
 public:
  explicit OutboundTrust(std::string ca_file) : ca_file_(std::move(ca_file)) {}
  // Throws std::runtime_error naming the key, where the authorities can't be read. [any-thread]
  Poco::Net::Context::Ptr context();

 private:
  const std::string ca_file_;  // empty: the system's
  std::mutex mutex_;
  Poco::Net::Context::Ptr context_;
};

}  // namespace calixo::host
