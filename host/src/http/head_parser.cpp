// Turns the scanned bytes of a head into fields by Boost.Beast's parser, the only place that
// includes it. Beast splits and names the fields; its reading of the framing must agree with ours.
#include <boost/beast/http/basic_parser.hpp>

#include "http/ascii.hpp"
#include "http/request_framing.hpp"
#include "http/request_head.hpp"

namespace calixo::host {
namespace {

namespace beast = boost::beast;
using beast::error_code;
using BeastView = beast::string_view;

std::string_view to_view(BeastView text) { return {text.data(), text.size()}; }

HeaderId to_id(beast::http::field name, std::string_view text) {
  using beast::http::field;
  switch (name) {
    case field::host:
      return HeaderId::host;
    case field::connection:
      return HeaderId::connection;
    case field::content_length:
      return HeaderId::content_length;
    case field::transfer_encoding:
      return HeaderId::transfer_encoding;
    case field::expect:
      return HeaderId::expect;
    case field::authorization:
      return HeaderId::authorization;
    case field::accept:
      return HeaderId::accept;
    case field::accept_encoding:
      return HeaderId::accept_encoding;
    case field::accept_language:
      return HeaderId::accept_language;
    case field::content_type:
      return HeaderId::content_type;
    case field::origin:
      return HeaderId::origin;
    case field::if_none_match:
      return HeaderId::if_none_match;
    default:
      break;
  }
  if (text.size() < 12 || ascii::lower(text[0]) != 'x') return HeaderId::other;
  if (ascii::equals_ignoring_case(text, "x-request-id")) return HeaderId::x_request_id;
  if (ascii::equals_ignoring_case(text, "x-forwarded-for")) return HeaderId::x_forwarded_for;
  if (ascii::equals_ignoring_case(text, "x-forwarded-proto")) return HeaderId::x_forwarded_proto;
  if (ascii::equals_ignoring_case(text, "x-forwarded-host")) return HeaderId::x_forwarded_host;
  return HeaderId::other;
}

class HeadParser final : public beast::http::basic_parser<true> {
 public:
  explicit HeadParser(RequestHead& head) : head_(head) {}

 private:
  void on_request_impl(beast::http::verb, BeastView method, BeastView target, int version,
                       error_code&) override {
    head_.method = to_view(method);
    head_.target = to_view(target);
    head_.version_minor = static_cast<unsigned>(version % 10);
  }
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_field_impl(beast::http::field name, BeastView text, BeastView value,
                     error_code&) override {
    const HeaderId id = to_id(name, to_view(text));
    std::int16_t& first = head_.first_of[static_cast<std::size_t>(id)];
    if (first == RequestHead::kAbsent) first = static_cast<std::int16_t>(head_.fields.size());
    head_.fields.push_back({to_view(text), to_view(value), id});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(BeastView body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, error_code&) override {
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  RequestHead& head_;
};

bool agrees(HeadParser& parser, const RequestHead& head) {
  const auto length = parser.content_length();
  switch (head.framing) {
    case BodyFraming::chunked:
      return parser.chunked() && !length;
    case BodyFraming::sized:
      return !parser.chunked() && length && *length == head.content_length;
    case BodyFraming::none:
      return !parser.chunked() && !length;
  }
  return false;
}

}  // namespace

void RequestHead::clear() {
  fields.clear();
  first_of.fill(kAbsent);
  method = target = authority = path = query_string = {};
  version_minor = 1;
  framing = BodyFraming::none;
  content_length = 0;
  keep_alive = true;
  expects_continue = expects_unknown = false;
  form = TargetForm::origin;
}

ReadFault parse_head(std::string_view bytes, RequestHead& head) {
  head.clear();
  HeadParser parser(head);
  parser.header_limit(static_cast<std::uint32_t>(bytes.size()) + 1);
  parser.body_limit(boost::none);
  error_code error;
  parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error || !parser.is_header_done()) return kMalformed;
  if (const ReadFault fault = settle_framing(head)) return fault;
  return agrees(parser, head) ? ReadFault{} : kMalformed;
}

}  // namespace calixo::host
