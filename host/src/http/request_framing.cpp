// The rules of request framing; see the header.
#include "http/request_framing.hpp"

#include <limits>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

bool parse_length(std::string_view text, std::uint64_t& length) {
  if (text.empty() || text.size() > 18) return false;  // 18 digits fit 64 bits
  length = 0;
  for (const char byte : text) {
    if (!ascii::is_digit(byte)) return false;
    length = length * 10 + static_cast<unsigned>(byte - '0');
  }
  return true;
}

bool is_repeated(const RequestHead& head, HeaderId id) {
  const HeaderField* first = head.find(id);
  if (first == nullptr) return false;
  for (const HeaderField* field = first + 1; field != head.fields.data() + head.fields.size();
       ++field) {
    if (field->id == id) return true;
  }
  return false;
}

ReadFault settle_body(RequestHead& head) {
  const HeaderField* length = head.find(HeaderId::content_length);
  const HeaderField* coding = head.find(HeaderId::transfer_encoding);
  if (coding != nullptr) {
    const bool readable = length == nullptr && head.version_minor == 1 &&
                          !is_repeated(head, HeaderId::transfer_encoding) &&
                          ascii::equals_ignoring_case(coding->value, "chunked");
    head.framing = BodyFraming::chunked;
    return readable ? ReadFault{} : kMalformed;
  }
  if (length == nullptr) return {};
  if (is_repeated(head, HeaderId::content_length)) return kMalformed;
  head.framing = BodyFraming::sized;
  return parse_length(length->value, head.content_length) ? ReadFault{} : kMalformed;
}

void settle_persistence(RequestHead& head) {
  bool close = false, keep_alive = false;
  if (head.find(HeaderId::connection) != nullptr) {
    for (const HeaderField& field : head.fields) {
      if (field.id != HeaderId::connection) continue;
      std::string_view rest = field.value;
      while (!rest.empty()) {
        const std::string_view option = ascii::cut(rest, ',');
        close = close || ascii::equals_ignoring_case(option, "close");
        keep_alive = keep_alive || ascii::equals_ignoring_case(option, "keep-alive");
      }
    }
  }
  head.keep_alive = !close && (head.version_minor == 1 || keep_alive);
}

void settle_expectation(RequestHead& head) {
  const HeaderField* expect = head.find(HeaderId::expect);
  if (expect == nullptr || head.version_minor == 0) return;  // 1.0 clients don't know it
  const bool known = ascii::equals_ignoring_case(expect->value, "100-continue") &&
                     !is_repeated(head, HeaderId::expect);
  head.expects_unknown = !known;
  head.expects_continue = known && head.framing != BodyFraming::none;
}

void split_query(RequestHead& head, std::string_view path_and_query) {
  const std::size_t mark = path_and_query.find('?');
  head.path = path_and_query.substr(0, mark);
  head.query_string =
      mark == std::string_view::npos ? std::string_view{} : path_and_query.substr(mark + 1);
}

bool settle_absolute(RequestHead& head) {
  const std::size_t scheme = head.target.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view name = head.target.substr(0, scheme);
  if (!ascii::equals_ignoring_case(name, "http") && !ascii::equals_ignoring_case(name, "https")) {
    return false;
  }
  const std::string_view rest = head.target.substr(scheme + 3);
  const std::size_t end = rest.find_first_of("/?");
  head.form = TargetForm::absolute;
  head.authority = rest.substr(0, end);
  split_query(head, end == std::string_view::npos ? std::string_view("/") : rest.substr(end));
  if (head.path.empty()) head.path = "/";  // "http://host?query"
  return is_valid_authority(head.authority);
}

bool settle_target(RequestHead& head) {
  const std::string_view target = head.target;
  if (head.method == "CONNECT") {
    head.form = TargetForm::authority;
    head.authority = target;
    return is_valid_authority(target);
  }
  if (target.front() == '/') {
    head.form = TargetForm::origin;
    split_query(head, target);
    return true;
  }
  if (target == "*") {
    head.form = TargetForm::asterisk;
    head.path = target;
    return head.method == "OPTIONS";
  }
  return settle_absolute(head);
}

bool settle_host(RequestHead& head) {
  const HeaderField* host = head.find(HeaderId::host);
  if (host == nullptr) return head.version_minor == 0;
  if (is_repeated(head, HeaderId::host) || !is_valid_authority(host->value)) return false;
  if (head.form != TargetForm::absolute && head.form != TargetForm::authority) {
    head.authority = host->value;
  }
  return true;
}

// The grammar would allow "!$&'()*+,;=" as well; no name has them, and lists of hosts would pass.
bool is_host_byte(char byte) {
  constexpr std::string_view kSymbols = "-._~";
  return ascii::is_digit(byte) || (ascii::lower(byte) >= 'a' && ascii::lower(byte) <= 'z') ||
         kSymbols.find(byte) != std::string_view::npos;
}

bool is_valid_name(std::string_view host) {
  for (std::size_t i = 0; i < host.size(); ++i) {
    if (host[i] == '%') {
      if (i + 2 >= host.size() || !ascii::is(host[i + 1], ascii::kHex) ||
          !ascii::is(host[i + 2], ascii::kHex)) {
        return false;
      }
      i += 2;
    } else if (!is_host_byte(host[i])) {
      return false;
    }
  }
  return !host.empty();
}

bool is_valid_literal(std::string_view host) {  // between the brackets
  for (const char byte : host) {
    if (byte != ':' && byte != '.' && !ascii::is(byte, ascii::kHex)) return false;
  }
  return host.size() >= 2;
}

bool is_valid_port(std::string_view port) {
  if (port.empty()) return true;  // "host:" is in the grammar
  if (port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  unsigned number = 0;
  for (const char digit : port) number = number * 10 + static_cast<unsigned>(digit - '0');
  return number <= std::numeric_limits<std::uint16_t>::max();
}

}  // namespace

bool is_valid_authority(std::string_view authority) {
  if (authority.empty() || authority.size() > 512) return false;
  if (authority.front() == '[') {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view after = authority.substr(end + 1);
    const bool port_valid = after.empty() || (after[0] == ':' && is_valid_port(after.substr(1)));
    return port_valid && is_valid_literal(authority.substr(1, end - 1));
  }
  const std::size_t colon = authority.find(':');
  if (colon != std::string_view::npos && !is_valid_port(authority.substr(colon + 1))) return false;
  return is_valid_name(authority.substr(0, colon));
}

ReadFault settle_framing(RequestHead& head) {
  if (!settle_target(head) || !settle_host(head)) return kMalformed;
  if (const ReadFault fault = settle_body(head)) return fault;
  settle_persistence(head);
  settle_expectation(head);
  return {};
}

}  // namespace calixo::host
