// Connections of one loop; see the header.
#include "http/loop_server.hpp"

#include <algorithm>

#include "http/connection.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kScratchBytes = 32 * 1024;
constexpr std::size_t kKeptBuffers = 64;
constexpr std::size_t kKeptBufferBytesMax = 64 * 1024;
constexpr std::size_t kKeptExchanges = 128;

std::size_t route_count(const ServerContext& server) {
  const Router* router = server.dependencies.router;
  return router == nullptr ? 0 : router->routes().size();
}

}  // namespace

LoopServer::LoopServer(ServerContext& server, EventLoop& loop)
    : server_(server),
      loop_(loop),
      counters_(route_count(server)),
      tokens_(TokenCache::Limits{}, server.dependencies.principal_changes.get()),
      scratch_(kScratchBytes) {}

LoopServer::~LoopServer() {
  bury_all();
  while (!connections_.empty()) {
    delete connections_.back();
    connections_.pop_back();
    server_.forget_connections(1);
  }
}

void LoopServer::adopt(int descriptor, std::string peer_address, bool is_surplus) {
  auto* connection = new Connection(*this, descriptor, std::move(peer_address), is_surplus);
  connection->place = connections_.size();
  connections_.push_back(connection);
  counters_.connections_accepted.add();
  connection->start();
}

std::string LoopServer::take_buffer() {
  if (buffers_.empty()) return {};
  std::string buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void LoopServer::give_back(std::string buffer) {
  if (buffers_.size() >= kKeptBuffers || buffer.capacity() > kKeptBufferBytesMax) return;
  buffer.clear();
  buffers_.push_back(std::move(buffer));
}

std::unique_ptr<HttpExchange> LoopServer::take_exchange() {
  if (exchanges_.empty()) return std::make_unique<HttpExchange>(server_);
  std::unique_ptr<HttpExchange> exchange = std::move(exchanges_.back());
  exchanges_.pop_back();
  return exchange;
}

void LoopServer::give_back(std::unique_ptr<HttpExchange> exchange) {
  if (exchanges_.size() >= kKeptExchanges) return;
  exchange->reset();
  exchanges_.push_back(std::move(exchange));
}

void LoopServer::bury(Connection& connection) {
  connections_[connection.place] = connections_.back();
  connections_[connection.place]->place = connection.place;
  connections_.pop_back();
  if (buried_.empty()) loop_.defer([this] { bury_all(); });
  buried_.push_back(&connection);
}

void LoopServer::bury_all() {
  for (const Connection* connection : buried_) delete connection;
  const std::size_t count = buried_.size();
  buried_.clear();
  load.fetch_sub(count, std::memory_order_relaxed);
  server_.forget_connections(count);
}

template <class Action>
void LoopServer::for_each_connection(const Action& action) {
  const std::vector<Connection*> present = connections_;  // an action may bury some
  for (Connection* connection : present) action(*connection);
}

void LoopServer::start_drain() {
  for_each_connection([](Connection& connection) { connection.drain(); });
}

void LoopServer::abort_all() {
  for_each_connection([](Connection& connection) { connection.lose(); });
}

}  // namespace calixo::host
