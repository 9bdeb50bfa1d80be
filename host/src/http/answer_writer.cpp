// Answers as bytes; see the header.
#include "http/answer_writer.hpp"

#include <charconv>

#include "http/ascii.hpp"
#include "http/entity_tag.hpp"
#include "http/status_text.hpp"

namespace calixo::host {
namespace {

bool has_header(const HttpExchange::Answer& answer, std::string_view name) {
  for (const auto& header : answer.headers) {
    if (ascii::equals_ignoring_case(header.first, name)) return true;
  }
  return false;
}

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, base);
  static_cast<void>(error);  // 24 bytes hold any number
  out.append(digits, end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_status_line(std::string& out, std::uint16_t status) {
  if (status == 200) {
    out.append("HTTP/1.1 200 OK\r\n");
    return;
  }
  out.append("HTTP/1.1 ");
  append_number(out, status);
  out.append(" ").append(status_text(status)).append("\r\n");
}

void append_framing(std::string& out, const HeadOptions& options) {
  switch (options.framing) {
    case AnswerFraming::sized:
      out.append("Content-Length: ");
      append_number(out, options.content_length);
      out.append("\r\n");
      break;
    case AnswerFraming::chunked:
      out.append("Transfer-Encoding: chunked\r\n");
      break;
    case AnswerFraming::until_close:
    case AnswerFraming::none:
      break;
  }
}

void append_persistence(std::string& out, const HttpExchange& exchange, bool keeps_alive) {
  if (!keeps_alive) {
    out.append("Connection: close\r\n");
  } else if (exchange.request.head.version_minor == 0) {
    out.append("Connection: keep-alive\r\n");
  }
}

void append_plan(std::string& out, const AnswerPlan& plan) {
  if (!plan.entity_tag.empty()) append_field(out, "ETag", plan.entity_tag);
  if (plan.varies_by_coding) out.append("Vary: Accept-Encoding\r\n");
  if (plan.coding != ContentCoding::identity && !plan.is_unmodified) {
    append_field(out, "Content-Encoding", coding_name(plan.coding));
  }
}

}  // namespace

bool is_bodiless_status(std::uint16_t status) { return status == 204 || status == 304; }

AnswerPlan plan_answer(const HttpExchange& exchange, const HttpOptions& options) {
  AnswerPlan plan;
  const HttpExchange::Answer& answer = exchange.answer;
  const RequestHead& head = exchange.request.head;
  if (is_bodiless_status(answer.status)) return plan;
  if (answer.body.size() >= options.compress_bytes_min && is_compressible(answer.content_type) &&
      !has_header(answer, "Content-Encoding")) {
    plan.varies_by_coding = true;
    plan.coding = choose_coding(head);
  }
  const bool is_read = head.method == "GET" || head.method == "HEAD";
  if (!is_read || answer.status != 200 || has_header(answer, "ETag")) return plan;
  plan.entity_tag = entity_tag(answer.body, plan.coding);
  plan.is_unmodified = names_entity_tag(head, plan.entity_tag);
  return plan;
}

void append_head(std::string& out, const HttpExchange& exchange, const ServerContext& server,
                 const AnswerPlan& plan, const HeadOptions& options) {
  const HttpExchange::Answer& answer = exchange.answer;
  append_status_line(out, plan.is_unmodified ? std::uint16_t{304} : answer.status);
  append_field(out, "Date", options.date);
  if (!answer.content_type.empty() && !plan.is_unmodified) {
    append_field(out, "Content-Type", answer.content_type);
  }
  append_framing(out, options);
  append_persistence(out, exchange, options.keeps_alive);
  append_plan(out, plan);
  append_field(out, "X-Request-Id", exchange.request.id);
  out.append("X-Content-Type-Options: nosniff\r\n");
  server.cors.append_fields(out, exchange.request.head.value(HeaderId::origin));
  for (const auto& header : answer.headers) append_field(out, header.first, header.second);
  out.append(answer.own_fields).append("\r\n");
}

void append_chunk(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size(), 16);
  out.append("\r\n").append(bytes).append("\r\n");
}

}  // namespace calixo::host
