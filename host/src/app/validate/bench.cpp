#include "app/validate/bench.hpp"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <istream>
#include <ostream>
#include <stdexcept>
#include <thread>

#include "app/validate/host_calls.hpp"
#include "http/exchange.hpp"
#include "http/problems.hpp"
#include "runtime/fiber_context.hpp"
#include "runtime/loop_core.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRequestDeadline{5000};
constexpr milliseconds kReturnPatience{10'000};  // from the answer, or from the client giving up
constexpr int kClientPatienceS = 10;
constexpr std::size_t kAnswerBytesMax = 4 << 20;
constexpr const char* kToken = "bench";
constexpr const char* kSession = "00000000-0000-4000-8000-0000000000cb";
constexpr const char* kClaims =
    R"({"sub":"00000000-0000-4000-8000-0000000000ca","role":"authenticated",)"
    R"("session_id":"00000000-0000-4000-8000-0000000000cb",)"
    R"("app_metadata":{"role":"admin"}})";

std::size_t page_bytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

// The running fiber's stack: what lies below the present frame is given back, so that the pages
// present afterwards are those that were touched meanwhile.
class StackMark {
 public:
  StackMark() {
    const LoopCore* loop = LoopCore::current();
    FiberContext* fiber = loop == nullptr ? nullptr : loop->running_fiber();
    if (fiber == nullptr) return;
    stack_ = &fiber->stack();
    const std::byte here{};
    const auto used = static_cast<std::size_t>(static_cast<std::byte*>(stack_->top()) - &here);
    const std::size_t kept = used + 2 * page_bytes();
    if (kept < stack_->bytes()) {
      ::madvise(stack_->bottom(), (stack_->bytes() - kept) / page_bytes() * page_bytes(),
                MADV_DONTNEED);
    }
  }
  std::size_t high_water_bytes() const {
    if (stack_ == nullptr) return 0;
    std::vector<unsigned char> present(stack_->bytes() / page_bytes());
    if (::mincore(stack_->bottom(), stack_->bytes(), present.data()) != 0) return 0;
    std::size_t untouched = 0;
    while (untouched < present.size() && (present[untouched] & 1) == 0) ++untouched;
    return (present.size() - untouched) * page_bytes();
  }

 private:
  const FiberStack* stack_ = nullptr;
};

}  // namespace

std::string subject_of(const RegisteredRoute& route) {
  return route.route.method + " " + route.route.path;
}

// The plugin's handler, with a look at how it runs.
class Bench::Handler final : public RouteHandler {
 public:
  Handler(Bench& bench, RouteHandler& inner) : bench_(bench), inner_(inner) {}

  void handle(Exchange& exchange) override {
    {
      const std::lock_guard lock(bench_.mutex_);
      ++bench_.running_;
    }
    Visit visit;
    visit.is_on_fiber = Fiber::current() != nullptr;
    if (bench_.is_measuring_ && visit.is_on_fiber) {
      const StackMark mark;
      inner_.handle(exchange);
      visit.stack_bytes = mark.high_water_bytes();
    } else {
      inner_.handle(exchange);
    }
    const std::lock_guard lock(bench_.mutex_);
    --bench_.running_;
    bench_.visits_.push_back(visit);
    bench_.returned_.notify_all();
  }
  bool render_problem(Exchange& exchange, const Problem& problem) override {
    return inner_.render_problem(exchange, problem);
  }

 private:
  Bench& bench_;
  RouteHandler& inner_;
};

class Bench::Verifier final : public TokenVerifier {
 public:
  TokenStatus verify(std::string_view token, Principal& principal) override {
    if (token != kToken) return TokenStatus::invalid;
    principal.roles = ~RoleSet{0} & ~RoleSet{CALIXO_ROLE_ANONYMOUS};
    principal.user_id = kBenchUser;
    principal.session_id = kSession;
    principal.claims_json = kClaims;
    return TokenStatus::valid;
  }
};

Bench::Bench(const CheckInput& input) : life_(input) {
  std::string failure = life_.failure();
  if (failure.empty()) failure = life_.start();
  if (!failure.empty()) throw std::runtime_error(failure);
  serve();
}

Bench::~Bench() {
  client_.reset();
  if (server_) server_->drain();
  life_.stop();
  server_.reset();
}

void Bench::add_routes() {
  Router inner;
  PluginManager& plugins = life_.installation().plugins();
  plugins.add_routes(inner);
  for (const auto& plugin : plugins.plugins()) {
    for (const RegisteredRoute& registered : plugin->registrations.routes) {
      if (registered.route.handler == nullptr) continue;
      Route route = registered.route;
      handlers_.push_back(std::make_unique<Handler>(*this, *registered.route.handler));
      route.handler = handlers_.back().get();
      router_.add(std::move(route));
    }
  }
}

void Bench::serve() {
  add_routes();
  verifier_ = std::make_unique<Verifier>();
  HttpOptions options;
  options.request_deadline = kRequestDeadline;
  options.drain_timeout = milliseconds(1000);
  HttpServer::Dependencies dependencies;
  dependencies.loops = life_.engine().loops();
  dependencies.workers = &life_.engine().workers();
  dependencies.router = &router_;
  dependencies.tokens = verifier_.get();
  dependencies.on_access = [](const AccessRecord&) {};
  dependencies.unavailable_retry_after_s = [] { return 1u; };
  server_ = std::make_unique<HttpServer>(options, std::move(dependencies));
  server_->serve(listener_.descriptor());
  client_ = std::make_unique<BenchClient>(port());
}

std::uint16_t Bench::port() const {
  const std::string address = listener_.address();
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

std::vector<const RegisteredRoute*> Bench::routes() const {
  std::vector<const RegisteredRoute*> all;
  for (const RegisteredRoute& route : life_.plugin().registrations.routes) {
    all.push_back(&route);
  }
  return all;
}

bool Bench::have_all_returned() {
  std::unique_lock lock(mutex_);
  return returned_.wait_for(lock, kReturnPatience, [this] { return running_ == 0; });
}

std::optional<BenchAnswer> Bench::call(const BenchRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    visits_.clear();
  }
  BenchAnswer answer = client_->call(request);
  if (!have_all_returned()) return std::nullopt;
  return answer;
}

std::optional<std::vector<BenchAnswer>> Bench::call_together(
    const std::vector<BenchRequest>& requests) {
  {
    const std::lock_guard lock(mutex_);
    visits_.clear();
  }
  HostCalls::instance().meeting().open(requests.size());
  std::vector<BenchAnswer> answers(requests.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    threads.emplace_back([this, &answers, &requests, i] {
      BenchClient client(port());
      answers[i] = client.call(requests[i]);
      HostCalls::instance().meeting().leave();
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (!have_all_returned()) return std::nullopt;
  return answers;
}

std::vector<Visit> Bench::visits() const {
  const std::lock_guard lock(mutex_);
  return visits_;
}

BenchClient::BenchClient(std::uint16_t port) : session_("127.0.0.1", port) {
  session_.setKeepAlive(true);
  session_.setTimeout(Poco::Timespan(kClientPatienceS, 0));
}

BenchAnswer BenchClient::call(const BenchRequest& request) {
  BenchAnswer answer;
  try {
    const Route& route = request.route->route;
    Poco::Net::HTTPRequest head(route.method, request.target, Poco::Net::HTTPMessage::HTTP_1_1);
    if (!request.is_anonymous) head.set("Authorization", std::string("Bearer ") + kToken);
    if (!request.content_type.empty()) head.setContentType(request.content_type);
    if (route.method != "GET")
      head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
    std::ostream& out = session_.sendRequest(head);
    out.write(request.body.data(), static_cast<std::streamsize>(request.body.size())).flush();
    Poco::Net::HTTPResponse told;
    std::istream& in = session_.receiveResponse(told);
    answer.status = told.getStatus();
    answer.content_type = told.getContentType();
    const bool is_endless = answer.content_type.starts_with("text/event-stream");
    std::array<char, 16384> part;
    while (!is_endless && answer.body.size() < kAnswerBytesMax) {
      in.read(part.data(), part.size());
      if (in.gcount() <= 0) break;
      answer.body.append(part.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (is_endless || answer.body.size() >= kAnswerBytesMax) session_.reset();
  } catch (const std::exception&) {  // closed, refused or silent: an answer may have come before
    session_.reset();
  }
  return answer;
}

}  // namespace calixo::host
