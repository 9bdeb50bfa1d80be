// The strict first look at a request's head: where it ends, and that every byte of it is one that
// HTTP/1.1 allows there. What passes has one reading only: no bare CR or LF, no folded lines, no
// space around names, no control bytes (RFC 9112, sections 2.2, 3 and 5.1).
// One pass; a head that comes in pieces is never scanned twice. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/read_fault.hpp"

namespace calixo::host {

class HeadScanner {
 public:
  struct Limits {
    std::size_t head_bytes_max = 16 * 1024;
    std::size_t target_bytes_max = 8 * 1024;
  };
  enum class Outcome { need_more, complete, fault };

  explicit HeadScanner(const Limits& limits) : limits_(limits) {}

  // input starts at the head's first byte and holds all that was given before.
  Outcome scan(std::string_view input);
  std::size_t head_bytes() const { return position_; }  // once complete
  ReadFault fault() const { return fault_; }
  void reset();

 private:
  enum class State : std::uint8_t {
    method,
    target,
    version,
    request_line_lf,
    line_start,
    name,
    value,
    line_lf,
    last_lf
  };

  // Each handles the state it is named after and advances position_; false: stop scanning.
  bool scan_method(std::string_view input);
  bool scan_target(std::string_view input);
  bool scan_version(std::string_view input);
  bool scan_line_start(std::string_view input);
  bool scan_name(std::string_view input);
  bool scan_value(std::string_view input);
  bool expect_lf(std::string_view input, State next);
  bool step(std::string_view input);
  bool refuse(ReadFault fault);

  Limits limits_;
  std::size_t position_ = 0;
  std::size_t part_start_ = 0;  // of the method, target, version or name being scanned
  State state_ = State::method;
  ReadFault fault_;
};

}  // namespace calixo::host
