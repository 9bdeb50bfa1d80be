// A parsed request head: views into the bytes it was parsed from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "http/read_fault.hpp"

namespace calixo::host {

// The fields that the server itself looks at; every other is `other`.
enum class HeaderId : std::uint8_t {
  other,
  host,
  connection,
  content_length,
  transfer_encoding,
  expect,
  authorization,
  accept,
  accept_encoding,
  accept_language,
  content_type,
  origin,
  if_none_match,
  x_request_id,
  x_forwarded_for,
  x_forwarded_proto,
  x_forwarded_host,
  count
};

struct HeaderField {
  std::string_view name;
  std::string_view value;  // without surrounding whitespace
  HeaderId id = HeaderId::other;
};

enum class BodyFraming : std::uint8_t { none, sized, chunked };
enum class TargetForm : std::uint8_t { origin, absolute, authority, asterisk };

struct RequestHead {
  static constexpr std::int16_t kAbsent = -1;

  std::string_view method;
  std::string_view target;
  unsigned version_minor = 1;
  std::vector<HeaderField> fields;
  std::array<std::int16_t, static_cast<std::size_t>(HeaderId::count)> first_of;  // or kAbsent

  BodyFraming framing = BodyFraming::none;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;
  bool expects_unknown = false;  // an expectation that we can't meet: 417

  TargetForm form = TargetForm::origin;
  std::string_view authority;     // from the target if it has one, else Host; empty in 1.0
  std::string_view path;          // raw, starts with '/', or "*"
  std::string_view query_string;  // raw, without '?'

  void clear();
  // The first field of that kind, or nullptr.
  const HeaderField* find(HeaderId id) const {
    const std::int16_t at = first_of[static_cast<std::size_t>(id)];
    return at == kAbsent ? nullptr : &fields[static_cast<std::size_t>(at)];
  }
  std::string_view value(HeaderId id) const {
    const HeaderField* field = find(id);
    return field == nullptr ? std::string_view{} : field->value;
  }
};

// bytes: a head that HeadScanner found complete; it must outlive the result.
ReadFault parse_head(std::string_view bytes, RequestHead& head);

// host [":" port], as in Host and in absolute targets.
bool is_valid_authority(std::string_view authority);

}  // namespace calixo::host
