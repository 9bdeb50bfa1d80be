// What is decided about a request before its handler runs: route, caller, formats, size.
#include "http/ascii.hpp"
#include "http/connection.hpp"
#include "http/loop_server.hpp"
#include "http/negotiation.hpp"
#include "http/percent.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr RoleSet kAnonymousRole = 1;
constexpr std::string_view kAllMethods = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

// Empty where the request bears no bearer token.
std::string_view bearer_token(const RequestHead& head) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view value = head.value(HeaderId::authorization);
  if (value.size() <= kScheme.size() ||
      !ascii::equals_ignoring_case(value.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return ascii::trimmed(value.substr(kScheme.size()));
}

}  // namespace

bool Connection::admit() {
  const RequestHead& head = exchange_->request.head;
  if (head.form == TargetForm::authority) {
    exchange_->refuse(501, "not_implemented");
    return false;
  }
  if (head.expects_unknown) {
    exchange_->refuse(417, "expectation_failed");
    return false;
  }
  if (head.form == TargetForm::asterisk) return answer_options(std::string(kAllMethods));
  return find_route() && authenticate() && check_formats() && check_body_size();
}

bool Connection::find_route() {
  HttpExchange::Request& request = exchange_->request;
  request.match =
      server_.server().dependencies.router->match(request.head.method, request.head.path);
  const bool is_preflight = request.head.method == "OPTIONS" &&
                            exchange_->header("Access-Control-Request-Method") != nullptr &&
                            server_.server().cors.admits(request.head.value(HeaderId::origin));
  switch (request.match.outcome) {
    case RouteMatch::Outcome::found:
      return true;
    case RouteMatch::Outcome::bad_parameter:
      server_.counters().refused_malformed.add();
      exchange_->refuse(400, "malformed_request");
      return false;
    case RouteMatch::Outcome::no_such_path:
      if (is_preflight) return answer_options(std::string(kAllMethods));
      server_.counters().not_found.add();
      exchange_->refuse(404, "not_found");
      return false;
    case RouteMatch::Outcome::no_such_method:
      break;
  }
  if (request.head.method == "OPTIONS") return answer_options(request.match.allow);
  exchange_->answer.own_fields.append("Allow: ").append(request.match.allow).append("\r\n");
  exchange_->refuse(405, "method_not_allowed");
  return false;
}

bool Connection::answer_options(const std::string& allow) {
  std::string& fields = exchange_->answer.own_fields;
  fields.append("Allow: ").append(allow).append("\r\n");
  const CorsPolicy& cors = server_.server().cors;
  const bool is_preflight = exchange_->header("Access-Control-Request-Method") != nullptr;
  if (is_preflight && cors.admits(exchange_->request.head.value(HeaderId::origin))) {
    const std::string_view* wanted = exchange_->header("Access-Control-Request-Headers");
    cors.append_preflight_fields(fields, allow, wanted == nullptr ? std::string_view{} : *wanted);
  }
  exchange_->respond(204, "", "");
  return false;
}

// A token that is no good is as none where anonymous callers are welcome: clients refresh their
// session with the old token still in the head.
bool Connection::authenticate() {
  const Route& route = exchange_->route();
  const std::string_view token = bearer_token(exchange_->request.head);
  std::string_view code = "authentication_required";
  const bool is_known = !token.empty() && resolve_token(token, code);
  const RoleSet roles = is_known ? exchange_->principal().roles : kAnonymousRole;
  if ((roles & route.roles) != 0) return true;
  if (is_known && roles != kAnonymousRole) {
    exchange_->refuse(403, "forbidden");
  } else {
    exchange_->refuse(401, code);
  }
  return false;
}

bool Connection::resolve_token(std::string_view token, std::string_view& code) {
  TokenVerifier* verifier = server_.server().dependencies.tokens;
  code = "invalid_token";
  if (verifier == nullptr) return false;
  std::shared_ptr<const Principal>& principal = exchange_->request.principal;
  const std::int64_t now_s = server_.unix_time_s();
  principal = server_.tokens().find(token, now_s);
  if (principal != nullptr) {
    server_.counters().token_cache_hits.add();
    return true;
  }
  server_.counters().token_cache_misses.add();
  auto verified = std::make_shared<Principal>();
  TokenStatus status = TokenStatus::invalid;
  try {
    status = verifier->verify(token, *verified);
  } catch (const std::exception& failure) {
    log::error("token verification failed", {{"reason", failure.what()}});
  }
  if (status == TokenStatus::expired) code = "token_expired";
  if (status == TokenStatus::revoked) code = "session_not_found";
  if (status != TokenStatus::valid) return false;
  principal = std::move(verified);
  server_.tokens().add(token, principal, now_s);
  return true;
}

bool Connection::check_formats() {
  const RequestHead& head = exchange_->request.head;
  const Route& route = exchange_->route();
  if (!accepts(head, route.produces)) {
    exchange_->refuse(406, "not_acceptable");
    return false;
  }
  const bool has_body = head.framing == BodyFraming::chunked || head.content_length > 0;
  if (route.has_body && has_body &&
      !is_media_type(head.value(HeaderId::content_type), route.consumes)) {
    exchange_->refuse(415, "unsupported_media_type");
    return false;
  }
  return true;
}

std::uint64_t Connection::body_bytes_max() const {
  const std::uint64_t own = exchange_->route().body_bytes_max;
  return own != 0 ? own : server_.options().body_bytes_max;
}

bool Connection::check_body_size() {
  if (exchange_->request.head.content_length <= body_bytes_max()) return true;
  server_.counters().refused_body_too_large.add();
  exchange_->refuse(413, "body_too_large");
  return false;
}

}  // namespace calixo::host
