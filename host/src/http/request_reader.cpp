// The order of a request's parts; see the header.
#include "http/request_reader.hpp"

#include <algorithm>

namespace calixo::host {

RequestReader::Event RequestReader::next(std::string_view& input, std::string& head_bytes,
                                         RequestHead& head, std::string_view& piece) {
  switch (state_) {
    case State::head:
      return read_head(input, head_bytes, head);
    case State::sized:
      return read_sized(input, piece);
    case State::chunked:
      return read_chunked(input, piece);
    case State::ending:
      return finish();
    case State::faulty:
      break;
  }
  return Event::fault;
}

RequestReader::Event RequestReader::refuse(ReadFault fault) {
  fault_ = fault;
  state_ = State::faulty;
  return Event::fault;
}

RequestReader::Event RequestReader::finish() {
  scanner_.reset();
  has_skipped_line_ = false;
  state_ = State::head;
  return Event::end;
}

void RequestReader::skip_empty_line(std::string_view& input) {
  if (state_ != State::head || has_skipped_line_ || !input.starts_with("\r\n")) return;
  input.remove_prefix(2);
  has_skipped_line_ = true;
}

RequestReader::Event RequestReader::read_head(std::string_view& input, std::string& head_bytes,
                                              RequestHead& head) {
  skip_empty_line(input);
  if (!has_skipped_line_ && input == "\r") return Event::need_more;
  switch (scanner_.scan(input)) {
    case HeadScanner::Outcome::need_more:
      return Event::need_more;
    case HeadScanner::Outcome::fault:
      return refuse(scanner_.fault());
    case HeadScanner::Outcome::complete:
      break;
  }
  head_bytes.assign(input.substr(0, scanner_.head_bytes()));
  input.remove_prefix(scanner_.head_bytes());
  if (const ReadFault fault = parse_head(head_bytes, head)) return refuse(fault);
  remaining_ = head.content_length;
  chunks_ = ChunkDecoder();
  state_ = head.framing == BodyFraming::chunked ? State::chunked
           : remaining_ > 0                     ? State::sized
                                                : State::ending;
  return Event::head;
}

RequestReader::Event RequestReader::read_sized(std::string_view& input, std::string_view& piece) {
  if (input.empty()) return Event::need_more;
  piece =
      input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size())));
  input.remove_prefix(piece.size());
  remaining_ -= piece.size();
  if (remaining_ == 0) state_ = State::ending;
  return Event::body;
}

RequestReader::Event RequestReader::read_chunked(std::string_view& input, std::string_view& piece) {
  switch (chunks_.next(input, piece)) {
    case ChunkDecoder::Outcome::need_more:
      return Event::need_more;
    case ChunkDecoder::Outcome::data:
      return Event::body;
    case ChunkDecoder::Outcome::end:
      return finish();
    case ChunkDecoder::Outcome::fault:
      break;
  }
  return refuse(kMalformed);
}

}  // namespace calixo::host
