// Reading a request and answering it in one piece; streaming is in http_exchange_stream.cpp.
#include "http/http_exchange.hpp"

#include "http/ascii.hpp"
#include "http/connection.hpp"
#include "http/negotiation.hpp"
#include "http/problems.hpp"
#include "http/server_context.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kKeptBytesMax = 16 * 1024;  // larger buffers are not kept for reuse

void empty(std::string& buffer) {
  if (buffer.capacity() > kKeptBytesMax) {
    std::string().swap(buffer);
  } else {
    buffer.clear();
  }
}

// Fields that say how the answer is framed are the server's own.
bool is_reserved(std::string_view name) {
  for (const std::string_view reserved :
       {"content-length", "transfer-encoding", "connection", "date", "x-request-id"}) {
    if (ascii::equals_ignoring_case(name, reserved)) return true;
  }
  return false;
}

bool is_valid_field(std::string_view name, std::string_view value) {
  return ascii::is_token(name) && ascii::all(value, ascii::kFieldValue) && !is_reserved(name);
}

}  // namespace

void HttpExchange::reset() {
  empty(request.head_bytes);
  empty(request.body);
  empty(request.path);
  request.head.clear();
  request.match = RouteMatch{};
  request.id.clear();
  request.client_address = {};
  request.principal.reset();
  request.deadline = MonotonicClock::time_point::max();
  answer.state = AnswerState::none;
  answer.status = 0;
  answer.content_type.clear();
  empty(answer.body);
  answer.headers.clear();
  answer.own_fields.clear();
  cancelled.store(false, std::memory_order_relaxed);
  connection_ = nullptr;
  is_rendering_ = false;
  base_url_.clear();
  language_ = {};
}

const Route& HttpExchange::route() const {
  static const Route kNone{};
  return has_route() ? *request.match.route : kNone;
}

std::string_view HttpExchange::path_parameter(std::string_view name) const {
  for (const PathParameter& parameter : request.match.parameters) {
    if (parameter.name == name) return parameter.value;
  }
  return {};
}

const std::string_view* HttpExchange::header(std::string_view name) const {
  for (const HeaderField& field : request.head.fields) {
    if (ascii::equals_ignoring_case(field.name, name)) return &field.value;
  }
  return nullptr;
}

std::string_view HttpExchange::body() const {
  return route().stream_body ? std::string_view{} : std::string_view(request.body);
}

std::string_view HttpExchange::base_url() const {
  if (!server_.options.public_url.empty()) {
    std::string_view url = server_.options.public_url;
    if (url.ends_with('/')) url.remove_suffix(1);
    return url;
  }
  if (!base_url_.empty()) return base_url_;
  std::string_view scheme = server_.tls == nullptr ? "http" : "https";
  std::string_view host = request.head.authority;
  if (connection_ != nullptr && connection_->has_trusted_peer()) {
    const std::string_view proto = server_.proxies.forwarded_proto(request.head);
    const std::string_view forwarded = server_.proxies.forwarded_host(request.head);
    if (!proto.empty()) scheme = proto;
    if (!forwarded.empty()) host = forwarded;
  }
  base_url_.append(scheme).append("://").append(host.empty() ? "localhost" : host);
  return base_url_;
}

std::string_view HttpExchange::language() const {
  if (language_.empty()) language_ = choose_language(request.head);
  return language_;
}

const Principal& HttpExchange::principal() const {
  static const Principal kAnonymous;
  return request.principal == nullptr ? kAnonymous : *request.principal;
}

bool HttpExchange::is_cancelled() const {
  return cancelled.load(std::memory_order_relaxed) || MonotonicClock::now() >= request.deadline;
}

bool HttpExchange::set_header(std::string_view name, std::string_view value) {
  if (answer.state != AnswerState::none || !is_valid_field(name, value)) return false;
  std::erase_if(answer.headers, [&](const auto& header) {
    return ascii::equals_ignoring_case(header.first, name);
  });
  answer.headers.emplace_back(name, value);
  return true;
}

bool HttpExchange::add_header(std::string_view name, std::string_view value) {
  if (answer.state != AnswerState::none || !is_valid_field(name, value)) return false;
  answer.headers.emplace_back(name, value);
  return true;
}

bool HttpExchange::set_answer(std::uint16_t status, std::string_view content_type) {
  if (is_answered() || status < 200 || status > 599) return false;
  if (!ascii::all(content_type, ascii::kFieldValue)) return false;
  answer.status = status;
  answer.content_type.assign(content_type);
  // A type among the headers gives way to the argument, and serves where there is none.
  std::erase_if(answer.headers, [&](const auto& header) {
    if (!ascii::equals_ignoring_case(header.first, "content-type")) return false;
    if (answer.content_type.empty()) answer.content_type = header.second;
    return true;
  });
  return true;
}

bool HttpExchange::respond(std::uint16_t status, std::string_view content_type,
                           std::string_view body) {
  if (body.size() > server_.options.answer_bytes_max && !is_answered()) {
    log::error("answer too large", {{"route", route().label},
                                    {"request_id", request.id},
                                    {"bytes", static_cast<std::uint64_t>(body.size())},
                                    {"action", "stream it, or raise http.answer_bytes_max"}});
    refuse(500, "answer_too_large");
    return false;
  }
  if (!set_answer(status, content_type)) return false;
  answer.body.assign(body);
  answer.state = AnswerState::whole;
  return true;
}

std::optional<Exchange::WholeAnswer> HttpExchange::whole_answer() const {
  if (answer.state != AnswerState::whole) return std::nullopt;
  return WholeAnswer{answer.status, answer.content_type, answer.body, answer.headers};
}

void HttpExchange::take_back_answer() {
  if (answer.state != AnswerState::whole && answer.state != AnswerState::none) return;
  answer.state = AnswerState::none;
  answer.headers.clear();
}

void HttpExchange::add_problem_fields(const Problem& problem) {
  std::uint32_t retry_after_s = problem.retry_after_s;
  if (retry_after_s == 0 && problem.http_status == 503) {
    retry_after_s = server_.unavailable_retry_after_s();
  }
  if (retry_after_s != 0) set_header("Retry-After", std::to_string(retry_after_s));
  if (problem.http_status != 401) return;
  const bool is_token_wrong = problem.code == "invalid_token" || problem.code == "token_expired" ||
                              problem.code == "session_not_found";
  set_header("WWW-Authenticate", is_token_wrong ? R"(Bearer realm="calixo", error="invalid_token")"
                                                : R"(Bearer realm="calixo")");
}

bool HttpExchange::fail(const Problem& problem) {
  if (is_answered()) return false;
  add_problem_fields(problem);
  if (has_route() && route().handler != nullptr && !is_rendering_) {
    is_rendering_ = true;
    const bool rendered = route().handler->render_problem(*this, problem);
    is_rendering_ = false;
    if (rendered && is_answered()) return true;
  }
  return respond(problem.http_status, "application/problem+json",
                 problem_document(problem, language(), request.id));
}

void HttpExchange::refuse(std::uint16_t status, std::string_view code,
                          std::uint32_t retry_after_s) {
  Problem problem;
  problem.http_status = status;
  problem.code = code;
  problem.retry_after_s = retry_after_s;
  fail(problem);
}

}  // namespace calixo::host
