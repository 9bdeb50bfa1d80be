// The started plugin behind the real HTTP server on a loopback port of its own, with a client: what
// checks of handlers call routes through. Requests bear the token of kBenchUser, who has every
// role.
#pragma once

#include <Poco/Net/HTTPClientSession.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/listener.hpp"
#include "app/validate/life.hpp"
#include "http/server.hpp"

namespace calixo::host {

constexpr std::string_view kBenchUser = "00000000-0000-4000-8000-0000000000ca";

struct BenchRequest {
  const RegisteredRoute* route = nullptr;
  std::string target;  // path and query, encoded
  std::string body;
  std::string content_type;
  bool is_anonymous = false;
};

struct BenchAnswer {
  int status = 0;  // 0: none came
  std::string content_type;
  std::string body;  // at most 4 MiB; nothing of an event stream
};

// One connection to the bench; of one thread.
class BenchClient {
 public:
  explicit BenchClient(std::uint16_t port);
  BenchAnswer call(const BenchRequest& request);

 private:
  Poco::Net::HTTPClientSession session_;
};

// What one run of a handler was like.
struct Visit {
  bool is_on_fiber = false;
  std::size_t stack_bytes = 0;  // high water, in whole pages; 0 where it was not measured
};

class Bench {
 public:
  // Throws std::runtime_error where the plugin does not start.
  explicit Bench(const CheckInput& input);
  ~Bench();

  // The plugin's routes, hidden ones as well.
  std::vector<const RegisteredRoute*> routes() const;
  std::uint16_t port() const;
  Life& life() { return life_; }

  void measure_stacks(bool is_on) { is_measuring_ = is_on; }

  // Calls and waits until the handler has returned. nullopt: it did not, within its deadline and
  // some patience; then only the process's end helps.
  std::optional<BenchAnswer> call(const BenchRequest& request);
  // The same, of requests that run at once.
  std::optional<std::vector<BenchAnswer>> call_together(const std::vector<BenchRequest>& requests);
  // The handler's runs during the last call.
  std::vector<Visit> visits() const;

 private:
  class Handler;
  class Verifier;
  void serve();
  void add_routes();
  bool have_all_returned();

  Life life_;
  std::vector<std::unique_ptr<Handler>> handlers_;
  std::unique_ptr<Verifier> verifier_;
  Router router_;
  Listener listener_{"127.0.0.1", 0};
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<BenchClient> client_;
  std::atomic<bool> is_measuring_{false};

  mutable std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t running_ = 0;
  std::vector<Visit> visits_;
};

// "POST /api/things"
std::string subject_of(const RegisteredRoute& route);

}  // namespace calixo::host
