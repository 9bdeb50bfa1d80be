// Reads requests off a byte stream, one after the other: head, pieces of the body, end.
// Sans I/O: what the connection and the fuzzer drive. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "http/chunk_decoder.hpp"
#include "http/head_scanner.hpp"
#include "http/request_head.hpp"

namespace calixo::host {

class RequestReader {
 public:
  enum class Event { need_more, head, body, end, fault };

  explicit RequestReader(const HeadScanner::Limits& limits) : scanner_(limits) {}

  // Consumes from the front of input. What it leaves must come again, in front of what follows.
  //   head   head_bytes holds the head, `head` its parts
  //   body   piece is the next part of the body, a view into input
  //   end    the request is complete; the next call starts the next one
  //   fault  the stream can't be read any further
  Event next(std::string_view& input, std::string& head_bytes, RequestHead& head,
             std::string_view& piece);

  // Between two requests one empty line is ignored (RFC 9112, section 2.2): old clients send it
  // after a body. next does so by itself; alone, it tells a client that is idle again.
  void skip_empty_line(std::string_view& input);

  ReadFault fault() const { return fault_; }
  bool is_in_head() const { return state_ == State::head; }

 private:
  enum class State : std::uint8_t { head, sized, chunked, ending, faulty };

  Event read_head(std::string_view& input, std::string& head_bytes, RequestHead& head);
  Event read_sized(std::string_view& input, std::string_view& piece);
  Event read_chunked(std::string_view& input, std::string_view& piece);
  Event finish();
  Event refuse(ReadFault fault);

  HeadScanner scanner_;
  ChunkDecoder chunks_;
  std::uint64_t remaining_ = 0;
  State state_ = State::head;
  bool has_skipped_line_ = false;  // in front of the present head
  ReadFault fault_;
};

}  // namespace calixo::host
