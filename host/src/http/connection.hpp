// One client's connection: reads requests, runs their handlers one after the other on a fiber,
// sends the answers in order. Idle, it holds no fiber, no request and no buffer.
//
//   connection.cpp           the socket: events, reading, writing, time limits, the end
//   connection_requests.cpp  a request's way: reading, handler
//   connection_answers.cpp   its answer
//   connection_admission.cpp what is decided before a handler runs
//   connection_streams.cpp   bodies in pieces
//
// [loop] throughout.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/http_exchange.hpp"
#include "http/request_reader.hpp"
#include "http/transport.hpp"
#include "runtime/completion.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {

class ConnectionStream;
class LoopServer;

class Connection final : public EventLoop::Watcher {
 public:
  using TimePoint = MonotonicClock::time_point;

  // is_surplus: past connections_max; its first request is answered 503.
  Connection(LoopServer& server, int descriptor, std::string peer_address, bool is_surplus);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  void on_ready(std::uint32_t events) override;
  // Nobody's request may fall between two workers: an idle connection gets a moment for one more,
  // whose answer then closes it; a handshake goes on; a parked stream ends.
  void drain();
  void lose();  // closes at once; a running handler is cancelled

  EventLoop& loop();
  bool is_closed() const { return is_closed_; }
  bool has_trusted_peer() const;

  // Streaming, for the exchange.
  StreamStatus begin_stream(std::int64_t content_length);
  StreamStatus send_stream(std::string_view bytes);
  StreamStatus end_stream();
  bool has_room() const;
  // False where a streamed answer with a length promised fewer bytes.
  bool may_stream(std::size_t bytes) const {
    return !is_sized_answer_ || bytes <= stream_remaining_;
  }
  void notify_room(Completion::Handle waiter) { room_waiter_ = std::move(waiter); }
  // would_block: nothing there yet, the waiter will be told.
  StreamStatus take_body(std::span<char> buffer, std::size_t& size,
                         const Completion::Handle& waiter);
  StreamStatus park(ParkedStream::Events& events, std::shared_ptr<ParkedStream>& stream);

  // For the parked stream.
  std::size_t unsent_bytes() const { return out_.size() - out_sent_; }
  void finish_parked();

  std::size_t place = 0;  // in the loop's list

 private:
  enum class Phase : std::uint8_t { handshake, reading, running, parked, lingering };
  enum class Awaiting : std::uint8_t { nothing, request, head, body };

  // The socket.
  void receive();
  bool wants_input() const;
  void accept_input(std::string_view bytes);
  void keep_input(std::string_view rest, bool is_own);
  void end_of_input();
  void flush();
  void flush_soon();
  void process_buffered();
  void flush_done();
  void wake_writers();
  void close_after_answer(bool linger);
  void linger();
  void release_if_done();
  void set_read_deadline(TimePoint at);
  void set_write_deadline(TimePoint at);
  void rearm(TimePoint at);
  void on_timer();
  void on_read_timeout();
  void do_later(void (Connection::*action)());

  // A request's way.
  bool read_requests(std::string_view& input);
  bool on_head();
  void on_body(std::string_view piece);
  void feed_body();
  bool on_request_end();
  void await_more();
  void refuse_unreadable(ReadFault fault);
  void answer_early(bool body_follows);
  void dispatch();
  void run_requests();
  void run_handler();
  void call_handler();
  bool enter_parked();
  void name_request();
  void settle_answer();
  void complete_request();
  void send_whole_answer(bool keep);
  void record();
  void resume_reading();
  bool next_buffered_request();
  bool claim_slot();
  void release_slot();

  // Admission: true where the request may go on; else the answer stands.
  bool admit();
  bool find_route();
  bool answer_options(const std::string& allow);
  bool authenticate();
  bool resolve_token(std::string_view token, std::string_view& code);
  bool check_formats();
  bool check_body_size();
  std::uint64_t body_bytes_max() const;

  LoopServer& server_;
  Transport transport_;
  EventLoop::Timer timer_;
  RequestReader reader_;
  std::string peer_address_;
  std::unique_ptr<HttpExchange> exchange_;
  Fiber* fiber_ = nullptr;
  std::shared_ptr<ConnectionStream> parked_;
  std::optional<Completion::Handle> body_waiter_, room_waiter_;

  std::string in_;   // what was read and not yet used
  std::string out_;  // what was answered and not yet sent
  std::size_t in_used_ = 0;
  std::size_t out_sent_ = 0;

  TimePoint read_deadline_ = TimePoint::max();
  TimePoint write_deadline_ = TimePoint::max();
  TimePoint armed_at_ = TimePoint::max();

  std::uint64_t body_bytes_ = 0;        // of the present request's body, so far
  std::size_t body_used_ = 0;           // of a streamed body's buffer
  std::uint64_t answer_bytes_ = 0;      // of the present answer's body
  std::uint64_t stream_remaining_ = 0;  // of a streamed answer with a length
  std::uint64_t lingered_bytes_ = 0;
  std::uint32_t pending_tasks_ = 0;

  Phase phase_ = Phase::reading;
  Awaiting awaiting_ = Awaiting::nothing;
  bool is_closed_ = false;
  bool is_buried_ = false;
  bool is_readable_ = false;  // the socket may have more
  bool has_hung_up_ = false;  // the client sends no more
  bool is_body_complete_ = false;
  bool is_body_broken_ = false;  // it ended early, stalled or was malformed
  bool is_body_over_limit_ = false;
  bool is_discarding_ = false;  // answered before the body was read
  bool holds_slot_ = false;
  bool keeps_alive_ = true;
  bool closes_when_sent_ = false;
  bool lingers_when_sent_ = false;
  bool is_chunked_answer_ = false;
  bool is_sized_answer_ = false;
  bool is_bodiless_answer_ = false;
  bool has_trusted_peer_ = false;
  bool has_buffered_requests_ = false;  // that were put off for fairness or a slow reader
  bool is_flush_due_ = false;
  bool is_surplus_ = false;
};

}  // namespace calixo::host
