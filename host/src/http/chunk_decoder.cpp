// The chunked coding's state machine; see the header.
#include "http/chunk_decoder.hpp"

#include <algorithm>

#include "http/ascii.hpp"

namespace calixo::host {

ChunkDecoder::Outcome ChunkDecoder::next(std::string_view& input, std::string_view& piece) {
  while (!input.empty() && state_ != State::ended) {
    if (state_ == State::data) {
      piece = input.substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size())));
      input.remove_prefix(piece.size());
      remaining_ -= piece.size();
      if (remaining_ == 0) state_ = State::data_cr;
      return Outcome::data;
    }
    if (!step(input.front())) return Outcome::fault;
    input.remove_prefix(1);
  }
  return state_ == State::ended ? Outcome::end : Outcome::need_more;
}

bool ChunkDecoder::move_if(bool allowed, State next) {
  state_ = next;
  return allowed;
}

bool ChunkDecoder::step(char byte) {
  switch (state_) {
    case State::size_start:
    case State::size:
      return step_size(byte);
    case State::extension:
      if (byte == '\r') return move_if(true, State::size_lf);
      return ++extension_bytes_ <= kExtensionBytesMax && ascii::is(byte, ascii::kFieldValue);
    case State::size_lf:
      return move_if(byte == '\n', remaining_ == 0 ? State::trailer_start : State::data);
    case State::data_cr:
      return move_if(byte == '\r', State::data_lf);
    case State::data_lf:
      return move_if(byte == '\n', State::size_start);
    case State::trailer_start:
    case State::trailer_name:
    case State::trailer_value:
    case State::trailer_lf:
      return step_trailer(byte);
    case State::last_lf:
      return move_if(byte == '\n', State::ended);
    case State::data:
    case State::ended:
      break;
  }
  return false;
}

bool ChunkDecoder::step_size(char byte) {
  if (ascii::is(byte, ascii::kHex)) {
    if (remaining_ >> 56 != 0) return false;  // one more digit could overflow
    remaining_ = remaining_ * 16 + ascii::hex_value(byte);
    return move_if(true, State::size);
  }
  if (state_ == State::size_start) return false;  // at least one digit
  if (byte == '\r') return move_if(true, State::size_lf);
  return move_if(byte == ';', State::extension);
}

bool ChunkDecoder::step_trailer(char byte) {
  if (++trailer_bytes_ > kTrailerBytesMax) return false;
  switch (state_) {
    case State::trailer_start:
      if (byte == '\r') return move_if(true, State::last_lf);
      return move_if(ascii::is(byte, ascii::kToken), State::trailer_name);
    case State::trailer_name:
      if (byte == ':') return move_if(true, State::trailer_value);
      return ascii::is(byte, ascii::kToken);
    case State::trailer_value:
      if (byte == '\r') return move_if(true, State::trailer_lf);
      return ascii::is(byte, ascii::kFieldValue);
    default:
      return move_if(byte == '\n', State::trailer_start);
  }
}

}  // namespace calixo::host
