// The socket's side of a connection: events, reading, writing, time limits, the end.
#include "http/connection.hpp"

#include <sys/epoll.h>

#include <algorithm>

#include "http/connection_stream.hpp"
#include "http/loop_server.hpp"

namespace calixo::host {
namespace {

// After the last answer we read on for a while, so that the client gets to see it: closing a socket
// with unread bytes would reset it.
constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::uint64_t kLingerBytesMax = 4 * 1024 * 1024;

}  // namespace

Connection::Connection(LoopServer& server, int descriptor, std::string peer_address,
                       bool is_surplus)
    : server_(server),
      transport_(descriptor, server.server().tls_native()),
      timer_([this] { on_timer(); }),
      reader_(HeadScanner::Limits{server.options().head_bytes_max, 8 * 1024}),
      peer_address_(std::move(peer_address)),
      is_surplus_(is_surplus) {
  const TrustedProxies& proxies = server.server().proxies;
  has_trusted_peer_ = !proxies.empty() && proxies.trusts(peer_address_);
}

Connection::~Connection() = default;

EventLoop& Connection::loop() { return server_.loop(); }

bool Connection::has_trusted_peer() const { return has_trusted_peer_; }

void Connection::start() {
  // Edge-triggered and never changed again: no epoll_ctl per request.
  loop().watch(transport_.descriptor(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this);
  if (transport_.is_secure()) {
    phase_ = Phase::handshake;
    set_read_deadline(loop().now() + server_.options().header_timeout);
  } else {
    await_more();
  }
  if (server_.is_draining()) drain();
}

void Connection::on_ready(std::uint32_t events) {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return lose();
  if ((events & EPOLLRDHUP) != 0) has_hung_up_ = true;
  if ((events & (EPOLLIN | EPOLLRDHUP)) != 0) is_readable_ = true;
  if (phase_ == Phase::handshake) {
    switch (transport_.handshake()) {
      case Transport::Result::would_block:
        return;
      case Transport::Result::done:
        break;
      default:
        return lose();
    }
    phase_ = Phase::reading;
    is_readable_ = true;
    await_more();
  }
  if (has_hung_up_ && phase_ == Phase::parked) return lose();
  if (unsent_bytes() > 0) flush();
  if (has_buffered_requests_ && phase_ == Phase::reading && !is_closed_) process_buffered();
  receive();
}

bool Connection::wants_input() const {
  if (is_closed_) return false;
  switch (phase_) {
    case Phase::handshake:
    case Phase::parked:
      return false;
    case Phase::reading:
      return !closes_when_sent_ && !has_buffered_requests_ && has_room();
    case Phase::lingering:
      return true;
    case Phase::running:
      break;
  }
  // A handler's own request is read only as fast as it takes the body; nothing is read past it.
  return exchange_->route().stream_body && !is_body_complete_ && !is_body_broken_ &&
         exchange_->request.body.size() - body_used_ < server_.options().stream_buffer_bytes_max;
}

void Connection::receive() {
  while (is_readable_ && wants_input()) {
    const std::span<char> scratch = server_.scratch();
    std::size_t size = 0;
    switch (transport_.read(scratch, size)) {
      case Transport::Result::done:
        break;
      case Transport::Result::would_block:
        is_readable_ = false;
        continue;
      case Transport::Result::closed:
        return end_of_input();
      case Transport::Result::failed:
        return lose();
    }
    const bool is_short = size < scratch.size() && transport_.is_drained_by_short_read();
    if (is_short && !has_hung_up_) is_readable_ = false;
    accept_input({scratch.data(), size});
  }
}

void Connection::accept_input(std::string_view bytes) {
  if (phase_ == Phase::lingering) {
    lingered_bytes_ += bytes.size();
    if (lingered_bytes_ > kLingerBytesMax) lose();
    return;
  }
  const bool is_own = in_used_ < in_.size();
  if (is_own) in_.append(bytes);
  std::string_view input = is_own ? std::string_view(in_).substr(in_used_) : bytes;
  const bool is_ready = read_requests(input);
  if (is_closed_) return;
  keep_input(input, is_own);
  if (is_ready) {
    dispatch();
  } else if (unsent_bytes() > 0) {
    flush();
  }
}

// What is left waits in a buffer that the connection holds only as long.
void Connection::keep_input(std::string_view rest, bool is_own) {
  if (rest.empty()) {
    if (in_.capacity() > sizeof(std::string)) server_.give_back(std::move(in_));
    in_ = std::string();
    in_used_ = 0;
  } else if (is_own) {
    in_used_ = in_.size() - rest.size();
    if (in_used_ > in_.size() / 2) {
      in_.erase(0, in_used_);
      in_used_ = 0;
    }
  } else {
    if (in_.capacity() <= sizeof(std::string)) in_ = server_.take_buffer();
    in_.assign(rest);
    in_used_ = 0;
  }
}

void Connection::end_of_input() {
  has_hung_up_ = true;
  is_readable_ = false;
  if (phase_ == Phase::running) {  // still to be answered; a body cut short is reported
    is_body_broken_ = !is_body_complete_;
    if (body_waiter_) body_waiter_->complete();
    return;
  }
  if (unsent_bytes() == 0 || phase_ == Phase::lingering) return lose();
  close_after_answer(false);
}

void Connection::flush() {
  while (out_sent_ < out_.size()) {
    std::size_t size = 0;
    const auto result = transport_.write(std::string_view(out_).substr(out_sent_), size);
    if (result == Transport::Result::would_block) {
      if (write_deadline_ == TimePoint::max()) {
        set_write_deadline(loop().now() + server_.options().write_timeout);
      }
      return wake_writers();
    }
    if (result != Transport::Result::done) return lose();
    out_sent_ += size;
    write_deadline_ = TimePoint::max();
  }
  flush_done();
}

// Sends at the end of the turn what a handler that suspends would hold back.
void Connection::flush_soon() {
  if (is_flush_due_) return;
  is_flush_due_ = true;
  ++pending_tasks_;
  loop().defer([this] {
    --pending_tasks_;
    is_flush_due_ = false;
    if (!is_closed_ && unsent_bytes() > 0) flush();
    release_if_done();
  });
}

void Connection::flush_done() {
  if (out_.capacity() > sizeof(std::string)) server_.give_back(std::move(out_));
  out_ = std::string();
  out_sent_ = 0;
  write_deadline_ = TimePoint::max();
  wake_writers();
  if (!closes_when_sent_ || is_closed_ || phase_ != Phase::reading) return;
  if (lingers_when_sent_) {
    linger();
  } else {
    transport_.shut_down_writing();
    lose();
  }
}

void Connection::wake_writers() {
  // A large sent part is dropped, so that the buffer holds what it counts.
  if (out_sent_ > server_.options().stream_buffer_bytes_max / 2) {
    out_.erase(0, out_sent_);
    out_sent_ = 0;
  }
  if (room_waiter_ && has_room()) {
    const Completion::Handle waiter = *room_waiter_;
    room_waiter_.reset();
    waiter.complete();
  }
  if (parked_ != nullptr) {
    const std::shared_ptr<ConnectionStream> stream = parked_;
    stream->on_sent(unsent_bytes());
  }
}

void Connection::close_after_answer(bool lingers) {
  closes_when_sent_ = true;
  lingers_when_sent_ = lingers_when_sent_ || lingers;
}

void Connection::linger() {
  phase_ = Phase::lingering;
  transport_.shut_down_writing();
  is_readable_ = true;
  set_read_deadline(loop().now() + kLingerTime);
  do_later(&Connection::receive);
}

void Connection::drain() {
  if (phase_ == Phase::parked) {
    parked_->close();
  } else if (phase_ == Phase::reading && exchange_ == nullptr && !closes_when_sent_) {
    set_read_deadline(loop().now() + server_.options().drain_idle_time);
  }
}

void Connection::lose() {
  if (is_closed_) return;
  is_closed_ = true;
  loop().unwatch(transport_.descriptor(), this);
  transport_.close();
  timer_.cancel();
  in_ = out_ = std::string();
  in_used_ = out_sent_ = 0;
  if (exchange_ != nullptr) exchange_->cancelled.store(true, std::memory_order_relaxed);
  if (fiber_ != nullptr) fiber_->cancel();
  if (body_waiter_) body_waiter_->complete();
  if (room_waiter_) room_waiter_->complete();
  if (parked_ != nullptr) {
    const std::shared_ptr<ConnectionStream> stream = parked_;
    stream->on_connection_lost();
  }
  if (phase_ == Phase::parked) finish_parked();
  release_if_done();
}

void Connection::release_if_done() {
  if (!is_closed_ || is_buried_ || pending_tasks_ > 0) return;
  if (phase_ == Phase::running || phase_ == Phase::parked) return;
  is_buried_ = true;
  server_.bury(*this);
}

void Connection::do_later(void (Connection::*action)()) {
  ++pending_tasks_;
  loop().post([this, action] {
    --pending_tasks_;
    if (!is_closed_) (this->*action)();
    release_if_done();
  });
}

void Connection::set_read_deadline(TimePoint at) {
  read_deadline_ = at;
  rearm(at);
}

void Connection::set_write_deadline(TimePoint at) {
  write_deadline_ = at;
  rearm(at);
}

// The timer is only ever moved nearer; one that fires early looks again. So a request costs no
// timer at all as long as its deadlines lie behind the armed one.
void Connection::rearm(TimePoint at) {
  if (is_closed_ || at == TimePoint::max() || (timer_.is_armed() && at >= armed_at_)) return;
  armed_at_ = at;
  timer_.arm(loop(), Deadline(at));
}

void Connection::on_timer() {
  armed_at_ = TimePoint::max();
  const TimePoint now = loop().now();
  if (write_deadline_ <= now) {
    server_.counters().timed_out_write.add();
    return lose();
  }
  if (read_deadline_ <= now) on_read_timeout();
  if (!is_closed_) rearm(std::min(read_deadline_, write_deadline_));
}

void Connection::on_read_timeout() {
  read_deadline_ = TimePoint::max();
  LoopCounters& counters = server_.counters();
  if (phase_ == Phase::running) {  // a streamed body that stalls
    counters.timed_out_body.add();
    is_body_broken_ = true;
    if (body_waiter_) body_waiter_->complete();
    return;
  }
  if (phase_ == Phase::reading && awaiting_ == Awaiting::request && server_.is_draining()) {
    is_readable_ = true;  // what has just arrived is served still
    receive();
    if (is_closed_ || phase_ != Phase::reading || exchange_ != nullptr) return;
  }
  if (phase_ != Phase::reading || awaiting_ == Awaiting::request) {
    if (phase_ == Phase::handshake) counters.timed_out_header.add();
    return lose();
  }
  (awaiting_ == Awaiting::head ? counters.timed_out_header : counters.timed_out_body).add();
  refuse_unreadable({408, "request_timeout"});
}

}  // namespace calixo::host
