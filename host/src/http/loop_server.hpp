// One loop's share of the server: its connections and what they have in common. [loop] throughout,
// but for the counters.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "http/date_cache.hpp"
#include "http/http_exchange.hpp"
#include "http/loop_counters.hpp"
#include "http/request_ids.hpp"
#include "http/server_context.hpp"
#include "http/token_cache.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {

class Connection;

class LoopServer {
 public:
  LoopServer(ServerContext& server, EventLoop& loop);
  ~LoopServer();

  ServerContext& server() { return server_; }
  const HttpOptions& options() const { return server_.options; }
  EventLoop& loop() { return loop_; }
  LoopCounters& counters() { return counters_; }
  RequestIds& ids() { return ids_; }
  TokenCache& tokens() { return tokens_; }
  std::string_view date() { return date_.text(loop_.now()); }
  std::time_t unix_time_s() { return date_.unix_time_s(loop_.now()); }

  // Takes a connected socket over; the server's count of connections holds it already.
  void adopt(int descriptor, std::string peer_address, bool is_surplus);

  // Connections dealt to this loop and not yet ended. [any-thread]
  std::atomic<std::uint64_t> load{0};

  std::span<char> scratch() { return scratch_; }  // for one read; the next one overwrites it
  std::string take_buffer();
  void give_back(std::string buffer);
  std::unique_ptr<HttpExchange> take_exchange();
  void give_back(std::unique_ptr<HttpExchange> exchange);

  // The connection ends with the present turn.
  void bury(Connection& connection);

  void start_drain();
  void abort_all();  // what the drain's time did not suffice for
  bool is_draining() const { return server_.is_draining.load(std::memory_order_acquire); }

 private:
  void bury_all();
  template <class Action>
  void for_each_connection(const Action& action);

  ServerContext& server_;
  EventLoop& loop_;
  LoopCounters counters_;
  DateCache date_;
  RequestIds ids_;
  TokenCache tokens_;
  std::vector<char> scratch_;
  std::vector<std::string> buffers_;
  std::vector<std::unique_ptr<HttpExchange>> exchanges_;
  std::vector<Connection*> connections_;  // each knows its place
  std::vector<Connection*> buried_;
};

}  // namespace calixo::host
