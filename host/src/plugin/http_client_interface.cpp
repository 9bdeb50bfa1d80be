// calixo.http_client/1 over http's OutboundClient.
#include <calixo/abi/http_client.h>

#include <algorithm>
#include <exception>
#include <memory>

#include "http/client/outbound_client.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"

struct calixo_http_answer {
  calixo::host::OutboundAnswer answer;
};

namespace calixo::host {
namespace {

constexpr std::uint64_t kAnswerBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kHeadersMax = 64;

calixo_status to_status(OutboundOutcome outcome) {
  switch (outcome) {
    case OutboundOutcome::answered:
      return CALIXO_OK;
    case OutboundOutcome::invalid:
      return CALIXO_INVALID;
    case OutboundOutcome::timed_out:
      return CALIXO_TIMEOUT;
    case OutboundOutcome::cancelled:
      return CALIXO_CANCELLED;
    case OutboundOutcome::too_long:
    case OutboundOutcome::at_limit:
      return CALIXO_LIMIT;
    case OutboundOutcome::unreachable:
    case OutboundOutcome::circuit_open:
      return CALIXO_UNAVAILABLE;
  }
  return CALIXO_INTERNAL;
}

OutboundRequest as_request(const calixo_http_request& wanted) {
  OutboundRequest request;
  if (wanted.method.size > 0) request.method = copy(wanted.method);
  request.url = copy(wanted.url);
  for (std::size_t i = 0; i < wanted.header_count; ++i) {
    request.headers.emplace_back(copy(wanted.headers[i].name), copy(wanted.headers[i].value));
  }
  request.body = copy(wanted.body);
  request.is_repeatable = (wanted.flags & CALIXO_HTTP_REPEATABLE) != 0;
  if (wanted.connect_timeout_ms > 0) {
    request.connect_timeout = std::chrono::milliseconds(wanted.connect_timeout_ms);
  }
  request.timeout = std::chrono::milliseconds(wanted.timeout_ms);
  if (wanted.attempts_max > 0) request.attempts_max = wanted.attempts_max;
  request.redirects_max = wanted.redirects_max;
  if (wanted.answer_bytes_max > 0) {
    request.answer_bytes_max = std::min(wanted.answer_bytes_max, kAnswerBytesMax);
  }
  return request;
}

bool is_whole(const calixo_http_request& wanted) {
  return wanted.struct_size >= sizeof wanted && wanted.header_count <= kHeadersMax &&
         (wanted.header_count == 0 || wanted.headers != nullptr);
}

calixo_status send(const calixo_host* host, const calixo_http_request* wanted,
                   calixo_http_answer** answer) {
  if (answer == nullptr) return CALIXO_INVALID;
  *answer = nullptr;
  if (host == nullptr || wanted == nullptr || !is_whole(*wanted)) return CALIXO_INVALID;
  OutboundClient* client = PluginInstance::of(host).context->outbound;
  if (client == nullptr) return CALIXO_UNAVAILABLE;
  try {
    auto made = std::make_unique<calixo_http_answer>();
    const calixo_status status = to_status(client->send(as_request(*wanted), made->answer));
    if (status == CALIXO_OK) *answer = made.release();
    return status;
  } catch (const std::exception&) {  // out of memory
    return CALIXO_INTERNAL;
  }
}

std::uint16_t status_of(const calixo_http_answer* answer) {
  return answer == nullptr ? 0 : static_cast<std::uint16_t>(answer->answer.status);
}
calixo_str header(const calixo_http_answer* answer, calixo_str name) {
  const std::string* value = answer == nullptr ? nullptr : answer->answer.header(view(name));
  return value == nullptr ? calixo_str{nullptr, 0} : calixo_str{value->data(), value->size()};
}
calixo_str body(const calixo_http_answer* answer) {
  return answer == nullptr ? calixo_str{nullptr, 0} : to_abi(answer->answer.body);
}
void release(calixo_http_answer* answer) { delete answer; }

}  // namespace

const void* http_client_interface() {
  static constexpr calixo_http_client_v1 kTable{&send, &status_of, &header, &body, &release};
  return &kTable;
}

}  // namespace calixo::host
