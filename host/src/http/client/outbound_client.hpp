// Requests to other servers: bounded in number, time and size, repeated where that does no harm,
// and held back from a server that keeps failing. Each attempt blocks a thread of this client's
// own, so that a slow server takes none from hashing; the calling fiber is suspended.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "http/client/circuit_breakers.hpp"
#include "http/client/outbound_attempt.hpp"
#include "http/client/outbound_request.hpp"
#include "runtime/worker_pool.hpp"

namespace calixo::host {

class OutboundClient {
 public:
  struct Options {
    std::size_t in_flight_max = 16;
    std::chrono::milliseconds timeout{10'000};
    std::string ca_file;  // empty: the system's authorities
    CircuitBreakers::Options circuit;
  };
  explicit OutboundClient(const Options& options);
  ~OutboundClient();  // ends what is under way

  // answer is set where it was answered. Redirects are followed as far as the request allows; one
  // to another server loses the headers that name who asks. [fiber, suspends]
  OutboundOutcome send(OutboundRequest request, OutboundAnswer& answer);

  struct Stats {
    std::uint64_t in_flight = 0;
    // By server ("api.example:443"; "other" beyond the first hundred) and what came of it: "2xx" to
    // "5xx", or the outcome's name.
    std::map<std::pair<std::string, std::string>, std::uint64_t> requests;
  };
  Stats stats() const;  // [any-thread]

 private:
  OutboundOutcome send_once(const OutboundRequest& request, const std::string& server,
                            Deadline deadline, OutboundAnswer& answer);
  OutboundOutcome attempt(const OutboundRequest& request, const std::string& server,
                          Deadline deadline, OutboundAnswer& answer);
  OutboundOutcome wait_for(const std::shared_ptr<OutboundAttempt>& attempt,
                           const std::string& server, Deadline deadline);
  WorkerPool& threads();
  void learn(const std::string& server, OutboundOutcome outcome, int status);
  void count(const std::string& server, OutboundOutcome outcome, int status);

  const Options options_;
  OutboundTrust trust_;
  CircuitBreakers breakers_;
  std::atomic<std::size_t> in_flight_{0};
  mutable std::mutex mutex_;  // over the three below
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
  std::set<std::string> counted_servers_;
  std::set<std::shared_ptr<OutboundAttempt>> running_;
  std::once_flag threads_made_;
  std::unique_ptr<WorkerPool> threads_;  // from the first request on
};

}  // namespace calixo::host
