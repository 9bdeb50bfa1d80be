// One request as its handler sees it: who calls, what was sent, and the database as that caller.
// Used by the handler that was given it, until it returns. Views live as long.
#pragma once

#include <calixo/clock.hpp>
#include <calixo/db.hpp>
#include <calixo/detail/abi.hpp>
#include <calixo/log.hpp>
#include <calixo/problem.hpp>
#include <calixo/reply.hpp>
#include <calixo/stream.hpp>
#include <calixo/transaction.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace calixo {

// Who calls. Views live as long as the request.
struct Principal {
  std::string_view user_id;       // UUID text, or empty
  std::string_view session_id;    // UUID text, or empty
  Roles roles = Role::anonymous;  // all that are held
  std::string_view claims_json;   // the token's claims, as policies see them
  Timestamp expires_at;           // 0: never

  // Whether nobody has signed in.
  bool is_anonymous() const { return user_id.empty(); }
  // Whether one of the roles is held. A route's allow() counts moderators' and premium users'
  // wider rights; this does not.
  bool has(Roles any) const { return (roles.bits & any.bits) != 0; }
};

namespace detail {

// Runs work on a worker thread and hands its result or exception back. [fiber, suspends]
template <class Work>
std::invoke_result_t<Work&> run_blocking(const Host& host, Work& work) {
  using Value = std::invoke_result_t<Work&>;
  struct Job {
    Work& work;
    std::exception_ptr failure;
    std::optional<std::conditional_t<std::is_void_v<Value>, bool, Value>> value;

    static void run(void* user) {
      auto& job = *static_cast<Job*>(user);
      try {
        if constexpr (std::is_void_v<Value>) {
          job.work();
          job.value = true;
        } else {
          job.value.emplace(job.work());
        }
      } catch (...) {
        job.failure = std::current_exception();
      }
    }
  } job{work, nullptr, std::nullopt};
  throw_unless_ok(
      suspending([&] { return host.runtime->run_blocking(host.handle, &Job::run, &job); }),
      "run blocking work");
  if (job.failure) std::rethrow_exception(job.failure);
  if constexpr (!std::is_void_v<Value>) return std::move(*job.value);
}

}  // namespace detail

// One request: who calls, what was sent, the database, time, the answer.
class Context {
 public:
  // Made by the SDK, one a request.
  Context(const detail::Host& host, calixo_exchange* exchange)
      : host_(host), exchange_(exchange), stream_(host, exchange) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // --- who calls ---
  // Whoever calls; anonymous where there was no token.
  Principal principal() const {
    const calixo_principal& of = *host_.exchange->principal(exchange_);
    return {detail::view(of.user_id), detail::view(of.session_id), Roles{of.roles},
            detail::view(of.claims_json), Timestamp::from_unix_s(of.expires_at_s)};
  }
  // The caller's id; throws Problem 401 unauthorized for an anonymous one.
  std::string_view user_id() const {
    const std::string_view id = detail::view(host_.exchange->principal(exchange_)->user_id);
    if (id.empty()) throw Problem(401, "unauthorized");
    return id;
  }

  // --- what was sent ---
  // A parameter of the route's path: std::int64_t, another integer, std::string or Uuid. Throws
  // Problem 404 where it is none; a name that the path does not have is a std::logic_error.
  template <class T>
  T path(std::string_view name) const {
    const calixo_str text = host_.exchange->path_parameter(exchange_, detail::to_abi(name));
    if (text.data == nullptr) {
      throw std::logic_error("the route's path has no parameter " + std::string(name));
    }
    T value{};
    detail::FieldErrors errors("en");
    if constexpr (detail::Integer<T>) {
      const bool is_fit =
          detail::is_number(detail::view(text)) &&
          detail::read_integer(detail::view(text), value) == detail::NumberFault::none;
      if (!is_fit) throw Problem(404, "not_found");
    } else {
      detail::read_string(detail::view(text), value, detail::kNoRule, detail::Place::field, {},
                          errors);
    }
    if (!errors.empty()) throw Problem(404, "not_found");
    return value;
  }
  // GET, POST and so on.
  std::string_view method() const { return detail::view(host_.exchange->method(exchange_)); }
  // Decoded, without the query.
  std::string_view request_path() const { return detail::view(host_.exchange->path(exchange_)); }
  // The first header of that name, any case.
  std::optional<std::string_view> header(std::string_view name) const {
    const calixo_str value = host_.exchange->header(exchange_, detail::to_abi(name));
    if (value.data == nullptr) return std::nullopt;
    return detail::view(value);
  }
  // Raw, without '?'; handlers of a Query struct need not read it.
  std::string_view query_string() const {
    return detail::view(host_.exchange->query_string(exchange_));
  }
  // Whole; empty where the route streams its body.
  std::string_view raw_body() const { return detail::view(host_.exchange->body(exchange_)); }
  // As in the log and in the answer's X-Request-Id.
  std::string_view request_id() const {
    return detail::view(host_.exchange->request_id(exchange_));
  }
  // The client's; behind a trusted proxy, the one it names.
  std::string_view client_address() const {
    return detail::view(host_.exchange->client_address(exchange_));
  }
  // "https://api.example", without a slash at its end.
  std::string_view base_url() const { return detail::view(host_.exchange->base_url(exchange_)); }
  // "es" or "en".
  std::string_view language() const { return detail::view(host_.exchange->language(exchange_)); }
  // Client gone, deadline passed, or the server drains: return soon.
  bool is_cancelled() const { return host_.exchange->is_cancelled(exchange_) != 0; }

  // --- the answer ---
  // Replaces a header; throws std::invalid_argument for control characters.
  void set_header(std::string_view name, std::string_view value) {
    check_header(host_.exchange->set_header(exchange_, detail::to_abi(name), detail::to_abi(value)),
                 name);
  }
  // Adds one more of that name (Set-Cookie).
  void add_header(std::string_view name, std::string_view value) {
    check_header(host_.exchange->add_header(exchange_, detail::to_abi(name), detail::to_abi(value)),
                 name);
  }
  // For an answer in the caller's language: a shared cache must keep the answers apart.
  void vary_by_language() { add_header("Vary", "Accept-Language"); }
  // For bodies and answers in parts. A handler that began one returns void.
  Stream& stream() { return stream_; }

  // --- the database ---
  // As the caller: policies see auth.uid() and auth.role() of the token.
  Database db() { return Database(target(CALIXO_DB_AS_CALLER)); }
  // As the plugin itself: auth.role() is service_role.
  Database service_db() { return Database(target(CALIXO_DB_AS_SERVICE)); }

  // Runs body(Transaction&) and commits, or rolls back where it throws. After a serialization
  // failure or a deadlock the body runs again: it must not have answered. [fiber, suspends]
  template <class Body>
  auto transaction(Body&& body, const TransactionOptions& options = {}) {
    return detail::run_transaction(target(CALIXO_DB_AS_CALLER), options, body);
  }
  // The same as the plugin itself. [fiber, suspends]
  template <class Body>
  auto service_transaction(Body&& body, const TransactionOptions& options = {}) {
    return detail::run_transaction(target(CALIXO_DB_AS_SERVICE), options, body);
  }

  // --- time, waiting, work ---
  // Wall clock.
  Timestamp now() const { return {host_.runtime->unix_time_us(host_.handle)}; }
  // Throws HostFailure where the request ends first. [fiber, suspends]
  void sleep(std::chrono::milliseconds duration) {
    const auto duration_ms = static_cast<std::uint32_t>(duration.count());
    detail::throw_unless_ok(
        detail::suspending([&] { return host_.runtime->sleep(host_.handle, duration_ms); }),
        "sleep");
  }
  // The same in milliseconds. [fiber, suspends]
  void sleep(std::uint32_t duration_ms) { sleep(std::chrono::milliseconds(duration_ms)); }
  // Runs work() on a worker thread: hashing, and what else computes for more than a millisecond.
  // Its result or exception comes back. work must not use this Context. [fiber, suspends]
  template <class Work>
  auto run_blocking(Work&& work) {
    return detail::run_blocking(host_, work);
  }

  // Events that carry the request id. [any-thread]
  Log log() const { return Log(host_); }
  // For services that take the exchange through the C ABI.
  calixo_exchange* handle() const { return exchange_; }
  // The interfaces it stands on.
  const detail::Host& host() const { return host_; }

 private:
  detail::DbTarget target(std::uint32_t as) const { return {&host_, exchange_, nullptr, as}; }
  static void check_header(calixo_status status, std::string_view name) {
    if (status != CALIXO_OK) throw std::invalid_argument("header " + std::string(name));
  }

  const detail::Host& host_;
  calixo_exchange* exchange_;
  Stream stream_;
};

}  // namespace calixo
