// A real HttpServer on a loopback port with two loops and handlers made of lambdas.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "http/server.hpp"

namespace calixo::host::test {

class LambdaHandler final : public RouteHandler {
 public:
  using Function = std::function<void(Exchange&)>;
  explicit LambdaHandler(Function function) : function_(std::move(function)) {}
  void handle(Exchange& exchange) override { function_(exchange); }

 private:
  Function function_;
};

class TestServer {
 public:
  TestServer() {
    options.drain_timeout = std::chrono::milliseconds(2'000);
    EventLoop::Options loop_options;
    for (int i = 0; i < 2; ++i) loops_.push_back(std::make_unique<EventLoop>(loop_options));
  }

  ~TestServer() { stop(); }

  Route& route(const std::string& method, const std::string& path,
               LambdaHandler::Function function) {
    handlers_.push_back(std::make_unique<LambdaHandler>(std::move(function)));
    Route route;
    route.method = method;
    route.path = path;
    route.owner = "test";
    route.handler = handlers_.back().get();
    pending_.push_back(route);
    return pending_.back();
  }

  // Answers "/text" with GET and echoes POST "/echo", which most tests need.
  void add_usual_routes() {
    route("GET", "/text",
          [](Exchange& exchange) { exchange.respond(200, "application/json", R"({"ok":true})"); });
    route("POST", "/echo", [](Exchange& exchange) {
      exchange.respond(200, "application/json", exchange.body());
    }).has_body = true;
  }

  void start() {
    for (Route& wanted : pending_) {
      const std::string wrong = router_.add(std::move(wanted));
      if (!wrong.empty()) throw std::runtime_error(wrong);
    }
    for (const auto& loop : loops_) threads_.emplace_back([&loop] { loop->run(); });
    HttpServer::Dependencies dependencies;
    for (const auto& loop : loops_) dependencies.loops.push_back(loop.get());
    dependencies.workers = &workers_;
    dependencies.router = &router_;
    dependencies.tokens = tokens;
    dependencies.on_access = on_access;
    server_ = std::make_unique<HttpServer>(options, dependencies);
    listen();
    server_->serve(listening_);
  }

  void stop() {
    if (server_ != nullptr) server_->drain();
    for (const auto& loop : loops_) loop->stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    server_.reset();
    if (listening_ >= 0) ::close(listening_);
    listening_ = -1;
  }

  void stop_serving() { server_->drain(); }

  std::uint16_t port() const { return port_; }
  HttpServer& server() { return *server_; }
  HttpServer::Stats stats() const { return server_->stats(); }

  HttpOptions options;
  TokenVerifier* tokens = nullptr;
  std::function<void(const AccessRecord&)> on_access;

 private:
  void listen() {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listening_, 1024) != 0 ||
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
  }

  WorkerPool workers_{WorkerPool::Options{}};
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
  std::vector<std::unique_ptr<LambdaHandler>> handlers_;
  std::deque<Route> pending_;
  Router router_;
  std::unique_ptr<HttpServer> server_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace calixo::host::test
