// The byte-level rules of a request's head; see the header.
#include "http/head_scanner.hpp"

#include <algorithm>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kMethodBytesMax = 32;
constexpr std::string_view kVersionShape = "HTTP/1.";

std::size_t skip(std::string_view input, std::size_t from, ascii::ByteClass allowed) {
  while (from < input.size() && ascii::is(input[from], allowed)) ++from;
  return from;
}

}  // namespace

void HeadScanner::reset() { *this = HeadScanner(limits_); }

HeadScanner::Outcome HeadScanner::scan(std::string_view input) {
  // One byte past the limit is enough to know that the head is too large.
  const std::string_view window = input.substr(0, limits_.head_bytes_max + 1);
  while (position_ < window.size() && step(window)) {
  }
  if (fault_) return Outcome::fault;
  if (state_ == State::last_lf && position_ > 0 && window[position_ - 1] == '\n' &&
      part_start_ == position_) {
    if (position_ <= limits_.head_bytes_max) return Outcome::complete;
  }
  if (window.size() > limits_.head_bytes_max) {
    refuse(kHeadTooLarge);
    return Outcome::fault;
  }
  return Outcome::need_more;
}

bool HeadScanner::step(std::string_view input) {
  switch (state_) {
    case State::method:
      return scan_method(input);
    case State::target:
      return scan_target(input);
    case State::version:
      return scan_version(input);
    case State::request_line_lf:
      return expect_lf(input, State::line_start);
    case State::line_start:
      return scan_line_start(input);
    case State::name:
      return scan_name(input);
    case State::value:
      return scan_value(input);
    case State::line_lf:
      return expect_lf(input, State::line_start);
    case State::last_lf:
      if (part_start_ == position_) return false;  // complete already
      if (!expect_lf(input, State::last_lf)) return false;
      part_start_ = position_;  // marks the end as reached
      return false;
  }
  return false;
}

bool HeadScanner::refuse(ReadFault fault) {
  fault_ = fault;
  return false;
}

bool HeadScanner::scan_method(std::string_view input) {
  position_ = skip(input, position_, ascii::kToken);
  if (position_ > kMethodBytesMax) return refuse(kMalformed);
  if (position_ == input.size()) return true;
  if (input[position_] != ' ' || position_ == 0) return refuse(kMalformed);
  if (input.substr(0, position_) == "PRI") return refuse(kMalformed);  // HTTP/2's preface
  part_start_ = ++position_;
  state_ = State::target;
  return true;
}

bool HeadScanner::scan_target(std::string_view input) {
  const std::size_t end_max = part_start_ + limits_.target_bytes_max;
  position_ = skip(input.substr(0, std::min(input.size(), end_max + 1)), position_, ascii::kTarget);
  if (position_ > end_max) return refuse(kUriTooLong);
  if (position_ == input.size()) return true;
  if (input[position_] != ' ' || position_ == part_start_) return refuse(kMalformed);
  part_start_ = ++position_;
  state_ = State::version;
  return true;
}

// "HTTP/1.1", "HTTP/1.0"; another version of the same shape has a code of its own.
bool HeadScanner::scan_version(std::string_view input) {
  while (position_ < input.size()) {
    const char byte = input[position_];
    const std::size_t at = position_ - part_start_;
    if (at == 8) {
      if (byte != '\r') return refuse(kMalformed);
      const std::string_view version = input.substr(part_start_, 8);
      const bool known = version == "HTTP/1.1" || version == "HTTP/1.0";
      if (!known) return refuse(kVersionNotSupported);
      ++position_;
      state_ = State::request_line_lf;
      return true;
    }
    const bool number = at == 5 || at == 7;
    if (number ? !ascii::is_digit(byte) : byte != kVersionShape[at]) return refuse(kMalformed);
    ++position_;
  }
  return true;
}

bool HeadScanner::scan_line_start(std::string_view input) {
  if (input[position_] == '\r') {
    part_start_ = position_++;  // differs from position_ until the LF has come
    state_ = State::last_lf;
    return true;
  }
  part_start_ = position_;
  state_ = State::name;  // a folded line starts with a space, which no name has
  return true;
}

bool HeadScanner::scan_name(std::string_view input) {
  position_ = skip(input, position_, ascii::kToken);
  if (position_ == input.size()) return true;
  if (input[position_] != ':' || position_ == part_start_) return refuse(kMalformed);
  ++position_;
  state_ = State::value;
  return true;
}

bool HeadScanner::scan_value(std::string_view input) {
  position_ = skip(input, position_, ascii::kFieldValue);
  if (position_ == input.size()) return true;
  if (input[position_] != '\r') return refuse(kMalformed);
  ++position_;
  state_ = State::line_lf;
  return true;
}

bool HeadScanner::expect_lf(std::string_view input, State next) {
  if (input[position_] != '\n') return refuse(kMalformed);
  ++position_;
  state_ = next;
  return true;
}

}  // namespace calixo::host
