// Turns an answer into bytes: negotiated coding, entity tag, head. [loop], but for compression.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/http_exchange.hpp"
#include "http/negotiation.hpp"
#include "http/server_context.hpp"

namespace calixo::host {

// What becomes of a whole answer.
struct AnswerPlan {
  ContentCoding coding = ContentCoding::identity;
  bool varies_by_coding = false;
  bool is_unmodified = false;  // 304: the client has it already
  std::string entity_tag;
};
AnswerPlan plan_answer(const HttpExchange& exchange, const HttpOptions& options);

enum class AnswerFraming : std::uint8_t { sized, chunked, until_close, none };

struct HeadOptions {
  std::string_view date;
  AnswerFraming framing = AnswerFraming::sized;
  std::uint64_t content_length = 0;
  bool keeps_alive = true;
};
// Appends status line and fields, with the empty line that ends them.
void append_head(std::string& out, const HttpExchange& exchange, const ServerContext& server,
                 const AnswerPlan& plan, const HeadOptions& options);

void append_chunk(std::string& out, std::string_view bytes);

// Whether answers of this status never have a body.
bool is_bodiless_status(std::uint16_t status);

}  // namespace calixo::host
