// What is sent to another server and what it answered. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::host {

using OutboundHeaders = std::vector<std::pair<std::string, std::string>>;

struct OutboundRequest {
  std::string method = "GET";
  std::string url;
  OutboundHeaders headers;
  std::string body;
  bool is_repeatable = false;  // although its method does not say so
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{0};  // of all attempts; 0: the client's own
  std::uint32_t attempts_max = 3;
  std::uint32_t redirects_max = 0;
  std::uint64_t answer_bytes_max = 1024 * 1024;
};

struct OutboundAnswer {
  int status = 0;
  OutboundHeaders headers;
  std::string body;

  // The first with this name, in any case of letters; nullptr where there is none.
  const std::string* header(std::string_view name) const;
};

// How a request, or one attempt at it, ended. `answered`: whatever the status of HTTP.
enum class OutboundOutcome {
  answered,
  invalid,      // it is no request
  unreachable,  // no connection, no trust, or no whole answer
  timed_out,
  cancelled,
  too_long,      // the answer
  at_limit,      // too many in flight
  circuit_open,  // its server is left alone for now
};
std::string_view to_text(OutboundOutcome outcome);

// Why it can't be sent at all, for the log; empty: it can.
std::string fault_of(const OutboundRequest& request);

// Whether a method may be repeated without harm (RFC 9110 section 9.2.2).
bool is_idempotent(std::string_view method);

}  // namespace calixo::host
