// Takes a chunked body apart (RFC 9112, section 7.1), strictly: sizes are hexadecimal digits and
// nothing else, lines end in CRLF, extensions and trailers are bounded and dropped.
// Sans I/O; byte positions may fall anywhere. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace calixo::host {

class ChunkDecoder {
 public:
  enum class Outcome { need_more, data, end, fault };

  // Consumes from the front of input. data: piece is the next bytes of the body, a view into what
  // was given.
  Outcome next(std::string_view& input, std::string_view& piece);

 private:
  enum class State : std::uint8_t {
    size_start,
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    ended
  };
  static constexpr std::size_t kExtensionBytesMax = 4096;  // of one body, all chunks together
  static constexpr std::size_t kTrailerBytesMax = 8192;

  bool step(char byte);  // false: malformed
  bool step_size(char byte);
  bool step_trailer(char byte);
  bool move_if(bool allowed, State next);

  State state_ = State::size_start;
  std::uint64_t remaining_ = 0;
  std::uint32_t extension_bytes_ = 0;
  std::uint32_t trailer_bytes_ = 0;
};

}  // namespace calixo::host
