#include "http/client/outbound_request.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kUrlBytesMax = 8192;
constexpr std::size_t kHeadersMax = 64;
constexpr std::size_t kHeaderBytesMax = 16 * 1024;
constexpr std::size_t kBodyBytesMax = 16 * 1024 * 1024;

bool is_field_value(std::string_view text) {
  return text.size() <= kHeaderBytesMax && ascii::all(text, ascii::kFieldValue);
}

bool is_the_hosts(std::string_view name) {
  constexpr std::array<std::string_view, 8> kOwn{
      "host",    "content-length", "transfer-encoding", "connection", "upgrade", "te",
      "trailer", "expect"};
  return std::any_of(kOwn.begin(), kOwn.end(),
                     [&](std::string_view own) { return ascii::equals_ignoring_case(own, name); });
}

std::string fault_of_url(const std::string& url) {
  if (url.size() > kUrlBytesMax) return "the URL is too long";
  const bool is_clean = std::all_of(
      url.begin(), url.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
  if (!is_clean) return "the URL holds blanks or other bytes that belong escaped";
  try {
    const Poco::URI uri(url);
    if (uri.getScheme() != "http" && uri.getScheme() != "https") return "the URL is not of HTTP";
    if (uri.getHost().empty()) return "the URL names no host";
    if (!uri.getUserInfo().empty()) return "the URL bears a user name";
  } catch (const Poco::Exception&) {
    return "the URL can't be read";
  }
  return {};
}

}  // namespace

const std::string* OutboundAnswer::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (ascii::equals_ignoring_case(known, name)) return &value;
  }
  return nullptr;
}

std::string_view to_text(OutboundOutcome outcome) {
  switch (outcome) {
    case OutboundOutcome::answered:
      return "answered";
    case OutboundOutcome::invalid:
      return "invalid";
    case OutboundOutcome::unreachable:
      return "unreachable";
    case OutboundOutcome::timed_out:
      return "timed_out";
    case OutboundOutcome::cancelled:
      return "cancelled";
    case OutboundOutcome::too_long:
      return "too_long";
    case OutboundOutcome::at_limit:
      return "at_limit";
    case OutboundOutcome::circuit_open:
      return "circuit_open";
  }
  return "unknown";
}

std::string fault_of(const OutboundRequest& request) {
  if (!ascii::is_token(request.method) || request.method == "CONNECT") return "the method is none";
  if (std::string fault = fault_of_url(request.url); !fault.empty()) return fault;
  if (request.headers.size() > kHeadersMax) return "there are too many headers";
  for (const auto& [name, value] : request.headers) {
    if (!ascii::is_token(name) || !is_field_value(value)) return "a header can't be sent";
    if (is_the_hosts(name)) return "a header is the host's own";
  }
  return request.body.size() > kBodyBytesMax ? "the body is too long" : "";
}

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 5> kIdempotent{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

}  // namespace calixo::host
