#include "http/client/outbound_client.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "http/ascii.hpp"
#include "log/log.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kCountedServersMax = 100;
constexpr std::uint32_t kAttemptsMax = 10;
constexpr std::uint32_t kRedirectsMax = 10;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{2'000};

std::string server_of(const std::string& url) {
  const Poco::URI uri(url);
  std::string host = uri.getHost();
  std::transform(host.begin(), host.end(), host.begin(), &ascii::lower);
  return host + ":" + std::to_string(uri.getPort());
}

bool is_away(int status) { return status == 502 || status == 503 || status == 504; }

bool is_worth_repeating(OutboundOutcome outcome, int status) {
  return outcome == OutboundOutcome::unreachable ||
         (outcome == OutboundOutcome::answered && is_away(status));
}

// Doubles, and differs between callers, so that they don't come back together.
std::chrono::milliseconds pause_after(std::uint32_t attempts) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto longest = std::min(kFirstPause * (1 << std::min(attempts - 1, 5u)), kLongestPause);
  return longest / 2 +
         std::chrono::milliseconds(random() % static_cast<unsigned>(longest.count() / 2 + 1));
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The request that follows a redirect; false where there is none to follow.
bool follow(OutboundRequest& request, const OutboundAnswer& answer) {
  if (request.redirects_max == 0 || !is_redirect(answer.status)) return false;
  if (request.method != "GET" && request.method != "HEAD") return false;
  const std::string* location = answer.header("Location");
  if (location == nullptr) return false;
  OutboundRequest next = request;
  try {
    Poco::URI target(request.url);
    target.resolve(*location);
    next.url = target.toString();
    const bool is_downgrade = request.url.starts_with("https:") && target.getScheme() != "https";
    if (is_downgrade || !fault_of(next).empty()) return false;
  } catch (const Poco::Exception&) {
    return false;
  }
  if (server_of(next.url) != server_of(request.url)) {
    std::erase_if(next.headers, [](const auto& header) {
      return ascii::equals_ignoring_case(header.first, "Authorization") ||
             ascii::equals_ignoring_case(header.first, "Cookie");
    });
  }
  --next.redirects_max;
  request = std::move(next);
  return true;
}

void log_failure(const std::string& server, OutboundOutcome outcome, const std::string& reason) {
  log::warn("outbound request failed",
            {{"server", server}, {"outcome", to_text(outcome)}, {"reason", reason}});
}

}  // namespace

OutboundClient::OutboundClient(const Options& options)
    : options_(options), trust_(options.ca_file), breakers_(options.circuit) {
  // Neither Poco nor OpenSSL's socket BIO writes with MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  if (!options_.ca_file.empty()) trust_.context();  // an unreadable file shows at the start
}

OutboundClient::~OutboundClient() {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& attempt : running_) attempt->end();
  }
  threads_.reset();
}

OutboundOutcome OutboundClient::send(OutboundRequest request, OutboundAnswer& answer) {
  if (const std::string fault = fault_of(request); !fault.empty()) {
    log::warn("outbound request refused", {{"reason", fault}});
    return OutboundOutcome::invalid;
  }
  const auto timeout = request.timeout.count() > 0 ? request.timeout : options_.timeout;
  const Deadline deadline = Deadline::in(timeout);
  request.redirects_max = std::min(request.redirects_max, kRedirectsMax);
  for (;;) {
    const std::string server = server_of(request.url);
    const OutboundOutcome outcome = send_once(request, server, deadline, answer);
    count(server, outcome, answer.status);
    if (outcome != OutboundOutcome::answered || !follow(request, answer)) return outcome;
  }
}

// To one server, as often as it is worth it.
OutboundOutcome OutboundClient::send_once(const OutboundRequest& request, const std::string& server,
                                          Deadline deadline, OutboundAnswer& answer) {
  const bool may_repeat = request.is_repeatable || is_idempotent(request.method);
  const std::uint32_t attempts_max =
      may_repeat ? std::clamp(request.attempts_max, 1u, kAttemptsMax) : 1;
  for (std::uint32_t attempts = 1;; ++attempts) {
    answer = {};
    const OutboundOutcome outcome = attempt(request, server, deadline, answer);
    if (attempts == attempts_max || !is_worth_repeating(outcome, answer.status)) return outcome;
    const auto pause = pause_after(attempts);
    if (Deadline::in(pause).at() >= deadline.at()) return outcome;
    if (sleep_for(pause) != WaitStatus::ready) return OutboundOutcome::cancelled;
  }
}

OutboundOutcome OutboundClient::attempt(const OutboundRequest& request, const std::string& server,
                                        Deadline deadline, OutboundAnswer& answer) {
  if (!breakers_.may_try(server, MonotonicClock::now())) return OutboundOutcome::circuit_open;
  const auto attempt = std::make_shared<OutboundAttempt>(request, trust_, deadline);
  const OutboundOutcome outcome = wait_for(attempt, server, deadline);
  if (outcome == OutboundOutcome::answered) answer = attempt->take_answer();
  learn(server, outcome, answer.status);
  return outcome;
}

OutboundOutcome OutboundClient::wait_for(const std::shared_ptr<OutboundAttempt>& attempt,
                                         const std::string& server, Deadline deadline) {
  if (in_flight_.fetch_add(1) >= options_.in_flight_max) {
    --in_flight_;
    return OutboundOutcome::at_limit;
  }
  {
    const std::lock_guard lock(mutex_);
    running_.insert(attempt);
  }
  Completion ended;
  const bool is_queued = threads().submit([this, attempt, handle = ended.handle()] {
    attempt->run();
    {
      const std::lock_guard lock(mutex_);
      running_.erase(attempt);
    }
    --in_flight_;
    handle.complete();
  });
  if (!is_queued) {
    const std::lock_guard lock(mutex_);
    running_.erase(attempt);
    --in_flight_;
    return OutboundOutcome::at_limit;
  }
  const WaitStatus status = ended.wait(deadline);
  if (status == WaitStatus::ready) {
    const OutboundOutcome outcome = attempt->outcome();
    if (outcome != OutboundOutcome::answered) log_failure(server, outcome, attempt->reason());
    return outcome;
  }
  attempt->end();  // its thread still writes to it; nobody reads it any more
  if (status == WaitStatus::cancelled) return OutboundOutcome::cancelled;
  log_failure(server, OutboundOutcome::timed_out, "too slow");
  return OutboundOutcome::timed_out;
}

WorkerPool& OutboundClient::threads() {
  std::call_once(threads_made_, [this] {
    threads_ = std::make_unique<WorkerPool>(
        WorkerPool::Options{"outbound", options_.in_flight_max, options_.in_flight_max});
  });
  return *threads_;
}

// What an attempt says of its server.
void OutboundClient::learn(const std::string& server, OutboundOutcome outcome, int status) {
  switch (outcome) {
    case OutboundOutcome::answered:
      if (is_away(status)) return breakers_.failed(server, MonotonicClock::now());
      return breakers_.succeeded(server);
    case OutboundOutcome::too_long:
      return breakers_.succeeded(server);
    case OutboundOutcome::unreachable:
    case OutboundOutcome::timed_out:
      return breakers_.failed(server, MonotonicClock::now());
    default:
      return breakers_.learnt_nothing(server);
  }
}

void OutboundClient::count(const std::string& server, OutboundOutcome outcome, int status) {
  const bool is_answered = outcome == OutboundOutcome::answered;
  const std::string result =
      is_answered ? std::to_string(status / 100) + "xx" : std::string(to_text(outcome));
  const std::lock_guard lock(mutex_);
  if (counted_servers_.size() < kCountedServersMax) counted_servers_.insert(server);
  ++counts_[{counted_servers_.contains(server) ? server : "other", result}];
}

OutboundClient::Stats OutboundClient::stats() const {
  const std::lock_guard lock(mutex_);
  return {in_flight_.load(), counts_};
}

}  // namespace calixo::host
