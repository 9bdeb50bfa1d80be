// From a C++ handler to the ABI's: what it takes, what it answers, and the trampoline that no
// exception leaves.
#pragma once

#include <calixo/context.hpp>
#include <calixo/detail/failures.hpp>
#include <calixo/json.hpp>
#include <calixo/query.hpp>
#include <calixo/schema.hpp>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace calixo {

// What a problem renderer sees of the request. Views live for the call. [loop]
class RequestView {
 public:
  RequestView(const calixo_exchange_v1& api, const calixo_exchange* exchange)
      : api_(api), exchange_(exchange) {}
  std::string_view method() const { return detail::view(api_.method(exchange_)); }
  std::string_view path() const { return detail::view(api_.path(exchange_)); }
  std::string_view query_string() const { return detail::view(api_.query_string(exchange_)); }
  std::string_view request_id() const { return detail::view(api_.request_id(exchange_)); }
  std::string_view language() const { return detail::view(api_.language(exchange_)); }
  std::optional<std::string_view> header(std::string_view name) const {
    const calixo_str value = api_.header(exchange_, detail::to_abi(name));
    if (value.data == nullptr) return std::nullopt;
    return detail::view(value);
  }

 private:
  const calixo_exchange_v1& api_;
  const calixo_exchange* exchange_;
};

// A problem on its way out. Views live for the call.
struct ProblemView {
  int http_status = 500;
  std::string_view code;
  std::string_view message;      // may be empty: nobody gave a text for the code
  std::string_view errors_json;  // a JSON array, or empty
  std::uint32_t retry_after_s = 0;
};

// Answers a problem in another wire format. Must not wait or throw. [loop]
using ProblemRenderer = std::function<Reply(const RequestView&, const ProblemView&)>;

namespace detail {

template <class F>
struct Signature : Signature<decltype(&F::operator())> {};
template <class R, class... A>
struct Signature<R (*)(A...)> {
  using Result = R;
  using Arguments = boost::mp11::mp_list<std::remove_cvref_t<A>...>;
};
template <class R, class... A>
struct Signature<R (*)(A...) noexcept> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...)> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) noexcept> : Signature<R (*)(A...)> {};
template <class R, class C, class... A>
struct Signature<R (C::*)(A...) const noexcept> : Signature<R (*)(A...)> {};

// What a handler takes besides the Context; void where it takes none.
template <class Arguments, bool kTakesBody>
struct Inputs;
template <bool kTakesBody>
struct Inputs<boost::mp11::mp_list<Context>, kTakesBody> {
  using Query = void;
  using Body = void;
};
template <class Input>
struct Inputs<boost::mp11::mp_list<Context, Input>, true> {
  using Query = void;
  using Body = Input;
};
template <class Input>
struct Inputs<boost::mp11::mp_list<Context, Input>, false> {
  using Query = Input;
  using Body = void;
};
template <class QueryType, class BodyType, bool kTakesBody>
struct Inputs<boost::mp11::mp_list<Context, QueryType, BodyType>, kTakesBody> {
  using Query = QueryType;
  using Body = BodyType;
};

template <class T>
inline constexpr bool is_page = is_a<T, Page>;

template <class T>
std::string response_schema() {
  if constexpr (std::is_void_v<T> || std::same_as<T, Reply>) {
    return {};
  } else if constexpr (is_page<T>) {
    using Item = typename decltype(T::items)::value_type;
    SchemaWriter writer(SchemaOf::response);
    writer.write_page<Item>();
    return writer.take();
  } else {
    return json_schema<T>(SchemaOf::response);
  }
}

// A buffer for the answer being written. Between its writing and its sending nothing suspends, so
// the fibers of a thread may share it.
inline std::string& answer_buffer() {
  constexpr std::size_t kKeptMax = 64 * 1024;
  thread_local std::string buffer;
  if (buffer.capacity() > kKeptMax) buffer = std::string();
  buffer.clear();
  return buffer;
}

inline void send_reply(const Host& host, calixo_exchange* exchange, const Reply& reply) {
  for (const auto& [name, value] : reply.headers) {
    host.exchange->add_header(exchange, to_abi(name), to_abi(value));
  }
  host.exchange->respond(exchange, static_cast<std::uint16_t>(reply.status),
                         to_abi(reply.content_type), to_abi(reply.body));
}

template <class T>
void send_answer(const Host& host, calixo_exchange* exchange, std::uint16_t status,
                 const T& answer) {
  if constexpr (std::same_as<T, Reply>) {
    send_reply(host, exchange, answer);
  } else {
    std::string& body = answer_buffer();
    if constexpr (is_page<T>)
      append_page(body, answer);
    else
      append_json(body, answer);
    host.exchange->respond(exchange, status, to_abi("application/json"), to_abi(body));
  }
}

// A route as it will be registered, and what its trampoline works on. Lives as long as the plugin.
struct RouteRecord {
  const Host* host = nullptr;
  std::string method;
  std::vector<std::string> paths;
  std::string summary, tag, consumes, produces, problems;
  std::string query_schema, request_schema, response_schema;
  std::uint32_t flags = 0;
  std::uint32_t roles = 0;
  std::uint32_t deadline_ms = 0;
  std::uint64_t body_bytes_max = 0;
  std::uint16_t success_status = 200;
  ProblemRenderer renderer;
  void (*handle)(void* user, calixo_exchange* exchange) = nullptr;

  RouteRecord() = default;
  RouteRecord(const RouteRecord&) = delete;
  RouteRecord& operator=(const RouteRecord&) = delete;
  virtual ~RouteRecord() = default;

  static void render(void* user, calixo_exchange* exchange, const calixo_problem* problem) {
    const auto& route = *static_cast<const RouteRecord*>(user);
    try {
      const RequestView request(*route.host->exchange, exchange);
      const ProblemView of{problem->http_status, view(problem->code), view(problem->message),
                           view(problem->errors_json), problem->retry_after_s};
      send_reply(*route.host, exchange, route.renderer(request, of));
    } catch (...) {
      Log(*route.host).error("problem renderer failed", {{"code", view(problem->code)}});
    }
  }
};

template <class Handler, bool kTakesBody>
struct HandlerRecord final : RouteRecord {
  using Result = typename Signature<Handler>::Result;
  using Query = typename Inputs<typename Signature<Handler>::Arguments, kTakesBody>::Query;
  using Body = typename Inputs<typename Signature<Handler>::Arguments, kTakesBody>::Body;

  explicit HandlerRecord(Handler of) : handler(std::move(of)) {
    handle = &run;
    if constexpr (!std::is_void_v<Query>) query_schema = json_schema<Query>(SchemaOf::query);
    if constexpr (!std::is_void_v<Body>) request_schema = json_schema<Body>(SchemaOf::request);
    response_schema = detail::response_schema<Result>();
    if constexpr (std::is_void_v<Result>) success_status = 204;
  }

  // The trampoline: the ABI's handler. [fiber]
  static void run(void* user, calixo_exchange* exchange) {
    auto& route = *static_cast<HandlerRecord*>(static_cast<RouteRecord*>(user));
    try {
      Context context(*route.host, exchange);
      route.answer(context, exchange);
    } catch (...) {
      answer_current_exception(*route.host, exchange);
    }
  }

  void answer(Context& context, calixo_exchange* exchange) {
    if constexpr (std::is_void_v<Result>) {
      call(context);
      if (context.stream().has_begun()) return;
      host->exchange->respond(exchange, success_status, {nullptr, 0}, {nullptr, 0});
    } else {
      send_answer(*host, exchange, success_status, call(context));
    }
  }

  Result call(Context& context) {
    if constexpr (std::is_void_v<Query> && std::is_void_v<Body>) {
      return handler(context);
    } else if constexpr (std::is_void_v<Body>) {
      return handler(context, parse_query<Query>(context.query_string(), context.language()));
    } else if constexpr (std::is_void_v<Query>) {
      return handler(context, parse_json<Body>(context.raw_body(), context.language()));
    } else {
      const Query query = parse_query<Query>(context.query_string(), context.language());
      return handler(context, query, parse_json<Body>(context.raw_body(), context.language()));
    }
  }

  Handler handler;
};

}  // namespace detail
}  // namespace calixo
