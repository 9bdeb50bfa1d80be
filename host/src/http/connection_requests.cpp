// A request's way through its connection, to the end of its handler.
#include "http/connection.hpp"
#include "http/loop_server.hpp"
#include "http/percent.hpp"
#include "log/log.hpp"
#include "runtime/crash_report.hpp"

namespace calixo::host {
// True where a request is ready for its handler. Requests that need none are answered on the way.
bool Connection::read_requests(std::string_view& input) {
  while (!is_closed_ && !closes_when_sent_) {
    if (phase_ == Phase::running && (is_body_complete_ || is_body_broken_)) return false;
    if (exchange_ == nullptr) {
      reader_.skip_empty_line(input);
      if (input.empty()) {
        await_more();
        return false;
      }
      exchange_ = server_.take_exchange();
      exchange_->attach(this);
    }
    std::string_view piece;
    HttpExchange::Request& request = exchange_->request;
    switch (reader_.next(input, request.head_bytes, request.head, piece)) {
      case RequestReader::Event::head:
        if (on_head()) return true;
        break;
      case RequestReader::Event::body:
        on_body(piece);
        break;
      case RequestReader::Event::end:
        if (on_request_end()) return true;
        break;
      case RequestReader::Event::fault:
        refuse_unreadable(reader_.fault());
        return false;
      case RequestReader::Event::need_more:
        if (is_discarding_) {
          answer_early(true);
        } else if (phase_ == Phase::reading) {
          await_more();
        }
        return false;
    }
  }
  return false;
}

void Connection::name_request() {
  HttpExchange::Request& request = exchange_->request;
  request.started = loop().now();
  const std::string_view wanted = request.head.value(HeaderId::x_request_id);
  if (RequestIds::is_well_formed(wanted)) {
    request.id.assign(wanted);
  } else {
    server_.ids().generate(request.id);
  }
  request.client_address =
      has_trusted_peer_ ? server_.server().proxies.client_address(peer_address_, request.head)
                        : std::string_view(peer_address_);
  if (request.head.path.find('%') == std::string_view::npos ||
      !decode_segment(request.head.path, request.path)) {
    request.path.assign(request.head.path);
  }
}

bool Connection::on_head() {
  const RequestHead& head = exchange_->request.head;
  is_body_complete_ = is_body_broken_ = is_body_over_limit_ = is_discarding_ = false;
  body_bytes_ = answer_bytes_ = 0;
  body_used_ = 0;
  keeps_alive_ = head.keep_alive && !server_.is_draining() && !is_surplus_;
  name_request();
  if (is_surplus_) {
    server_.counters().refused_overload.add();
    exchange_->refuse(503, "overloaded", 1);
  }
  if (exchange_->is_answered() || !admit()) {
    is_discarding_ = true;
    if (head.expects_continue) keeps_alive_ = false;  // whether a body comes now, nobody knows
    return false;
  }
  if (head.expects_continue) {
    out_.append("HTTP/1.1 100 Continue\r\n\r\n");
    flush();
    if (is_closed_) return false;
  }
  if (!exchange_->route().stream_body) return false;
  is_discarding_ = !claim_slot();
  return !is_discarding_;
}

void Connection::on_body(std::string_view piece) {
  if (is_discarding_) return;
  body_bytes_ += piece.size();
  if (body_bytes_ <= body_bytes_max()) {
    exchange_->request.body.append(piece);
  } else {
    server_.counters().refused_body_too_large.add();
    if (phase_ == Phase::running) {
      is_body_over_limit_ = is_body_broken_ = true;
    } else {
      exchange_->refuse(413, "body_too_large");
      is_discarding_ = true;
    }
  }
  if (body_waiter_) body_waiter_->complete();
}

bool Connection::on_request_end() {
  is_body_complete_ = true;
  if (phase_ == Phase::running) {  // of a streamed body
    if (body_waiter_) body_waiter_->complete();
    return false;
  }
  if (!is_discarding_ && claim_slot()) return true;
  answer_early(false);
  return false;
}

void Connection::await_more() {
  const Awaiting wanted = exchange_ == nullptr   ? Awaiting::request
                          : reader_.is_in_head() ? Awaiting::head
                                                 : Awaiting::body;
  if (wanted == awaiting_) return;  // its time runs already
  awaiting_ = wanted;
  const HttpOptions& options = server_.options();
  const auto idle_time = server_.is_draining() ? options.drain_idle_time : options.idle_timeout;
  set_read_deadline(loop().now() + (wanted == Awaiting::request ? idle_time
                                    : wanted == Awaiting::head  ? options.header_timeout
                                                                : options.body_timeout));
}

// Nothing after this point of the stream can be told apart: one answer, then the end.
void Connection::refuse_unreadable(ReadFault fault) {
  keeps_alive_ = false;
  if (phase_ == Phase::running) {
    is_body_broken_ = true;
    if (body_waiter_) body_waiter_->complete();
    return;
  }
  if (!is_discarding_) {
    LoopCounters& counters = server_.counters();
    if (fault.http_status == 400) counters.refused_malformed.add();
    if (fault.http_status == 414 || fault.http_status == 431) counters.refused_head_too_large.add();
    if (exchange_->request.id.empty()) name_request();
    exchange_->refuse(fault.http_status, fault.code);
  }
  answer_early(true);
  flush();
}

void Connection::answer_early(bool body_follows) {
  if (body_follows) keeps_alive_ = false;
  is_body_complete_ = is_body_complete_ && !body_follows;
  complete_request();
}

bool Connection::claim_slot() {
  ServerContext& server = server_.server();
  if (server.requests_in_flight.fetch_add(1, std::memory_order_relaxed) >=
      server.options.requests_in_flight_max) {
    server.requests_in_flight.fetch_sub(1, std::memory_order_relaxed);
    server_.counters().refused_overload.add();
    exchange_->refuse(503, "overloaded", 1);
    return false;
  }
  holds_slot_ = true;
  server_.counters().requests_in_flight.add();
  server_.counters().routes[exchange_->route().index].in_flight.add();
  return true;
}

void Connection::release_slot() {
  if (!holds_slot_) return;
  holds_slot_ = false;
  server_.server().requests_in_flight.fetch_sub(1, std::memory_order_relaxed);
  server_.counters().requests_in_flight.add(-1);
  server_.counters().routes[exchange_->route().index].in_flight.add(-1);
}

void Connection::dispatch() {
  phase_ = Phase::running;
  awaiting_ = Awaiting::nothing;
  read_deadline_ = TimePoint::max();
  if (unsent_bytes() > 0) flush_soon();
  if (loop().spawn([this] { run_requests(); }) != nullptr) return;
  server_.counters().refused_overload.add();
  exchange_->refuse(503, "overloaded", 1);
  complete_request();
  has_buffered_requests_ = true;
  resume_reading();
}

void Connection::run_requests() {
  fiber_ = Fiber::current();
  std::size_t handled = 0;
  const std::size_t handled_max = server_.options().pipelined_requests_max;
  do {
    if (!is_closed_) run_handler();
    if (enter_parked()) return;
    complete_request();
    has_buffered_requests_ = ++handled >= handled_max || !has_room();
  } while (!has_buffered_requests_ && next_buffered_request());
  fiber_ = nullptr;
  resume_reading();
}

bool Connection::next_buffered_request() {
  if (is_closed_ || closes_when_sent_ || in_used_ >= in_.size()) return false;
  std::string_view input = std::string_view(in_).substr(in_used_);
  const bool is_ready = read_requests(input);
  if (is_closed_) return false;
  keep_input(input, true);
  if (!is_ready) return false;
  phase_ = Phase::running;
  awaiting_ = Awaiting::nothing;
  read_deadline_ = TimePoint::max();
  flush_soon();
  return true;
}

void Connection::process_buffered() {
  if (phase_ != Phase::reading || !has_room()) return;
  has_buffered_requests_ = false;
  if (next_buffered_request()) return dispatch();
  if (is_closed_) return;
  if (unsent_bytes() > 0 || closes_when_sent_) flush();
  receive();
}

void Connection::resume_reading() {
  if (!is_closed_) flush();
  has_buffered_requests_ = has_buffered_requests_ && in_used_ < in_.size();
  if (!is_closed_ && phase_ == Phase::reading && !closes_when_sent_) {
    if (has_buffered_requests_) {
      if (has_room()) do_later(&Connection::process_buffered);  // else once the client reads
    } else {
      await_more();
      receive();
    }
  }
  release_if_done();
}

void Connection::run_handler() {
  const Route& route = exchange_->route();
  const auto limit =
      route.deadline.count() > 0 ? route.deadline : server_.options().request_deadline;
  exchange_->request.deadline = loop().now() + limit;
  fiber_->set_label(route.label);
  fiber_->set_deadline(Deadline(exchange_->request.deadline));
  try {
    call_handler();
  } catch (const std::exception& failure) {
    log::error("handler failed", {{"route", route.label},
                                  {"request_id", exchange_->request.id},
                                  {"reason", failure.what()}});
    exchange_->refuse(500, "internal");
  } catch (...) {
    log::error("handler failed", {{"route", route.label},
                                  {"request_id", exchange_->request.id},
                                  {"reason", "an exception of no standard type"}});
    exchange_->refuse(500, "internal");
  }
  fiber_->set_deadline(Deadline::never());
}

void Connection::call_handler() {
  const Route& route = exchange_->route();
  if (!route.exec_thread) return route.handler->handle(*exchange_);
  WorkerPool* workers = server_.server().dependencies.workers;
  const auto work = [&] {
    const crash_report::Scope scope(route.label);
    route.handler->handle(*exchange_);
  };
  if (workers != nullptr && workers->run(work)) return;
  server_.counters().refused_overload.add();
  exchange_->refuse(503, "overloaded", 1);
}

}  // namespace calixo::host
