// Bodies in pieces, both ways.
#include <algorithm>
#include <cstring>

#include "http/answer_writer.hpp"
#include "http/connection.hpp"
#include "http/connection_stream.hpp"
#include "http/loop_server.hpp"

namespace calixo::host {

bool Connection::has_room() const {
  return unsent_bytes() <= server_.options().stream_buffer_bytes_max;
}

StreamStatus Connection::begin_stream(std::int64_t content_length) {
  if (is_closed_) return StreamStatus::cancelled;
  const RequestHead& head = exchange_->request.head;
  is_sized_answer_ = content_length >= 0;
  is_bodiless_answer_ = head.method == "HEAD" || is_bodiless_status(exchange_->answer.status);
  is_chunked_answer_ = !is_sized_answer_ && head.version_minor == 1;
  stream_remaining_ = is_sized_answer_ ? static_cast<std::uint64_t>(content_length) : 0;
  if (!is_sized_answer_ && !is_chunked_answer_) keeps_alive_ = false;  // HTTP/1.0: until close
  if (server_.is_draining()) keeps_alive_ = false;
  HeadOptions options{server_.date(), AnswerFraming::until_close, stream_remaining_, keeps_alive_};
  if (is_chunked_answer_) options.framing = AnswerFraming::chunked;
  if (is_sized_answer_) options.framing = AnswerFraming::sized;
  if (is_bodiless_status(exchange_->answer.status)) options.framing = AnswerFraming::none;
  append_head(out_, *exchange_, server_.server(), AnswerPlan{}, options);
  flush();
  return is_closed_ ? StreamStatus::cancelled : StreamStatus::ok;
}

StreamStatus Connection::send_stream(std::string_view bytes) {
  if (is_closed_) return StreamStatus::cancelled;
  if (is_sized_answer_ && bytes.size() > stream_remaining_) return StreamStatus::invalid;
  if (bytes.empty() || is_bodiless_answer_) return StreamStatus::ok;
  if (is_sized_answer_) stream_remaining_ -= bytes.size();
  answer_bytes_ += bytes.size();
  if (is_chunked_answer_) {
    append_chunk(out_, bytes);
  } else {
    out_.append(bytes);
  }
  flush();
  return is_closed_ ? StreamStatus::cancelled : StreamStatus::ok;
}

StreamStatus Connection::end_stream() {
  exchange_->answer.state = HttpExchange::AnswerState::ended;
  if (is_closed_) return StreamStatus::cancelled;
  if (is_chunked_answer_ && !is_bodiless_answer_) out_.append("0\r\n\r\n");
  // Fewer bytes than promised: only the end of the connection can tell the client.
  const bool is_short = is_sized_answer_ && !is_bodiless_answer_ && stream_remaining_ > 0;
  if (is_short) keeps_alive_ = false;
  flush();
  if (is_closed_) return StreamStatus::cancelled;
  return is_short ? StreamStatus::invalid : StreamStatus::ok;
}

// What was read behind the head before the handler started.
void Connection::feed_body() {
  if (is_closed_ || in_used_ >= in_.size()) return;
  if (is_body_complete_ || is_body_broken_) return;
  std::string_view input = std::string_view(in_).substr(in_used_);
  read_requests(input);
  if (!is_closed_) keep_input(input, true);
}

StreamStatus Connection::take_body(std::span<char> buffer, std::size_t& size,
                                   const Completion::Handle& waiter) {
  size = 0;
  body_waiter_.reset();
  feed_body();
  receive();
  std::string& body = exchange_->request.body;
  if (body_used_ < body.size()) {
    size = std::min(buffer.size(), body.size() - body_used_);
    std::memcpy(buffer.data(), body.data() + body_used_, size);
    body_used_ += size;
    if (body_used_ > body.size() / 2) {
      body.erase(0, body_used_);
      body_used_ = 0;
    }
    read_deadline_ = TimePoint::max();
    return StreamStatus::ok;
  }
  if (is_body_over_limit_) return StreamStatus::limit;
  if (is_closed_ || is_body_broken_) return StreamStatus::cancelled;
  if (is_body_complete_) return StreamStatus::ok;
  body_waiter_ = waiter;
  set_read_deadline(loop().now() + server_.options().body_timeout);
  return StreamStatus::would_block;
}

StreamStatus Connection::park(ParkedStream::Events& events, std::shared_ptr<ParkedStream>& stream) {
  if (is_closed_) return StreamStatus::cancelled;
  parked_ = std::make_shared<ConnectionStream>(*this, events, server_.options());
  server_.counters().streams_parked.add();
  exchange_->answer.state = HttpExchange::AnswerState::parked;
  parked_->on_sent(unsent_bytes());
  stream = parked_;
  return StreamStatus::ok;
}

// True where the answer goes on without its handler: the fiber ends, the slot is free.
bool Connection::enter_parked() {
  if (exchange_->answer.state != HttpExchange::AnswerState::parked) return false;
  if (is_closed_ || parked_->is_closing()) return false;
  phase_ = Phase::parked;
  fiber_ = nullptr;
  release_slot();
  if (server_.is_draining()) parked_->close();
  if (has_hung_up_) lose();
  return true;
}

void Connection::finish_parked() {
  if (phase_ != Phase::parked) return;  // its handler still runs, and will find it closed
  phase_ = Phase::running;              // so that a connection lost meanwhile leaves the rest to us
  complete_request();
  resume_reading();
}

}  // namespace calixo::host
