#include "wire_problems.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>

namespace calixo::auth {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersionHeader = "X-Supabase-Api-Version";
// The first version whose errors bear their code as text.
constexpr std::string_view kFirstCodedVersion = "2024-01-01";

// Versions are dates, so their texts order as they do.
bool is_coded(std::string_view version) {
  return version.size() == kFirstCodedVersion.size() && version >= kFirstCodedVersion;
}

json::array field_errors(std::string_view errors_json) {
  boost::system::error_code error;
  json::value parsed =
      json::parse(json::string_view(errors_json.data(), errors_json.size()), error);
  return !error && parsed.is_array() ? parsed.get_array() : json::array();
}

// {"reasons": ["length"]}, from the codes of the field errors.
json::object weak_password(std::string_view errors_json) {
  json::array reasons;
  for (const json::value& error : field_errors(errors_json)) {
    if (!error.is_object()) continue;
    if (const json::value* code = error.get_object().if_contains("code")) reasons.push_back(*code);
  }
  return {{"reasons", std::move(reasons)}};
}

// The catalogue's text; of a request that does not fit, what is wrong with which field.
std::string message_of(const ProblemView& problem) {
  std::string text(problem.message.empty() ? problem.code : problem.message);
  if (problem.code == "weak_password") return text;
  for (const json::value& error : field_errors(problem.errors_json)) {
    if (!error.is_object()) continue;
    const json::object& fields = error.get_object();
    const json::value* field = fields.if_contains("field");
    const json::value* message = fields.if_contains("message");
    if (field == nullptr || !field->is_string() || message == nullptr || !message->is_string()) {
      continue;
    }
    text += " " + std::string(field->get_string().c_str());
    if (!message->get_string().empty()) text += ": " + std::string(message->get_string().c_str());
  }
  return text;
}

}  // namespace

Reply render_wire_problem(const RequestView& request, const ProblemView& problem) {
  const std::string_view version = request.header(kVersionHeader).value_or("");
  const std::string message = message_of(problem);
  const json::string_view code(problem.code.data(), problem.code.size());
  json::object body;
  if (is_coded(version)) {
    body = {{"code", code}, {"message", message}};
  } else {
    body = {{"code", problem.http_status}, {"error_code", code}, {"msg", message}};
  }
  if (problem.code == "weak_password") body["weak_password"] = weak_password(problem.errors_json);

  Reply reply;
  // The server refuses a token before the route is asked; this wire format says 403.
  const bool is_session_gone = problem.code == "session_not_found";
  reply.status = is_session_gone ? 403 : problem.http_status;
  reply.body = json::serialize(body);
  reply.headers.emplace_back("x-sb-error-code", std::string(problem.code));
  if (is_coded(version)) reply.headers.emplace_back(kVersionHeader, std::string(version));
  return reply;
}

}  // namespace calixo::auth
