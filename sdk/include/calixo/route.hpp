// Routes: what is said of one beside its handler. [startup]
#pragma once

#include <calixo/detail/handler.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace calixo {

// Makes a handler of an object and one of its member functions. The object must live as long as
// the plugin (plugin.own).
template <class Object, class Class, class R, class... A>
auto bind(Object& object, R (Class::*member)(A...)) {
  return [&object, member](A... arguments) -> R {
    return (object.*member)(std::forward<A>(arguments)...);
  };
}
template <class Object, class Class, class R, class... A>
auto bind(Object& object, R (Class::*member)(A...) const) {
  return [&object, member](A... arguments) -> R {
    return (object.*member)(std::forward<A>(arguments)...);
  };
}
// The same of a pointer, as plugin.own() results may be kept.
template <class Object, class Class, class R, class... A>
auto bind(Object* object, R (Class::*member)(A...)) {
  return bind(*object, member);
}
template <class Object, class Class, class R, class... A>
auto bind(Object* object, R (Class::*member)(A...) const) {
  return bind(*object, member);
}

// Says of a route what its handler does not; each call returns the builder. [startup]
class RouteBuilder {
 public:
  // Made by Plugin and RouteGroup.
  explicit RouteBuilder(detail::RouteRecord& record) : record_(&record) {}

  // Who may call; everybody where it is not said. Others get 401 or 403.
  RouteBuilder& allow(Roles roles) {
    record_->roles = roles.bits;
    return *this;
  }
  // One sentence for the API document.
  RouteBuilder& summary(std::string_view sentence) { return set(record_->summary, sentence); }
  // The chapter of the API document; the plugin's id where it is not said.
  RouteBuilder& tag(std::string_view chapter) { return set(record_->tag, chapter); }
  // Media type of the body; application/json where it is not said. Others get 415.
  RouteBuilder& consumes(std::string_view type) { return set(record_->consumes, type); }
  // Media type of the answer; application/json where it is not said.
  RouteBuilder& produces(std::string_view type) { return set(record_->produces, type); }
  // The status of success: 200, and 204 for handlers of void, where it is not said.
  RouteBuilder& status(int http_status) {
    record_->success_status = static_cast<std::uint16_t>(http_status);
    return *this;
  }
  // Time for the handler to answer; http.request_deadline_ms where it is not said.
  RouteBuilder& deadline(std::chrono::milliseconds limit) {
    record_->deadline_ms = static_cast<std::uint32_t>(limit.count());
    return *this;
  }
  // Longest body; http.body_bytes_max where it is not said. 413 beyond.
  RouteBuilder& body_bytes_max(std::uint64_t bytes) {
    record_->body_bytes_max = bytes;
    return *this;
  }
  // Run on a worker thread, for code that blocks.
  RouteBuilder& exec_thread() { return flag(CALIXO_ROUTE_EXEC_THREAD); }
  // Writes nothing; may be served by a replica.
  RouteBuilder& read_only() { return flag(CALIXO_ROUTE_READ_ONLY); }
  // Not in the API document.
  RouteBuilder& hidden() { return flag(CALIXO_ROUTE_HIDDEN); }
  // The handler reads the body itself, by context.stream().
  RouteBuilder& stream_body() { return flag(CALIXO_ROUTE_STREAM_BODY); }
  // Documents a problem that the route may answer.
  RouteBuilder& problem(int http_status, std::string_view code) {
    if (!record_->problems.empty()) record_->problems += ' ';
    record_->problems += std::to_string(http_status) + ':' + std::string(code);
    return *this;
  }
  // Documents what a handler reads or answers by hand.
  template <class T>
  RouteBuilder& query() {
    return set(record_->query_schema, json_schema<T>(SchemaOf::query));
  }
  // The body that it reads by hand.
  template <class T>
  RouteBuilder& request() {
    return set(record_->request_schema, json_schema<T>(SchemaOf::request));
  }
  // The body that it answers by hand.
  template <class T>
  RouteBuilder& response() {
    return set(record_->response_schema, detail::response_schema<T>());
  }
  // Answers this route's problems in another wire format.
  RouteBuilder& render_problems(ProblemRenderer renderer) {
    record_->renderer = std::move(renderer);
    return *this;
  }

 private:
  RouteBuilder& set(std::string& field, std::string_view value) {
    field = value;
    return *this;
  }
  RouteBuilder& flag(std::uint32_t bit) {
    record_->flags |= bit;
    return *this;
  }
  detail::RouteRecord* record_;
};

}  // namespace calixo
