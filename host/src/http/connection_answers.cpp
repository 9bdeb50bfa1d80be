// The last part of a request's way: the answer, the records, the connection's future.
#include "http/answer_writer.hpp"
#include "http/compression.hpp"
#include "http/connection.hpp"
#include "http/connection_stream.hpp"
#include "http/loop_server.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kInlineCompressionBytesMax = 64 * 1024;  // more goes to a worker thread

}  // namespace

// Gives the answer that the handler owes.
void Connection::settle_answer() {
  switch (exchange_->answer.state) {
    case HttpExchange::AnswerState::whole:
    case HttpExchange::AnswerState::ended:
      return;
    case HttpExchange::AnswerState::parked:
      send_stream(parked_->take_queued());
      [[fallthrough]];
    case HttpExchange::AnswerState::streaming:
      end_stream();
      return;
    case HttpExchange::AnswerState::none:
      break;
  }
  if (is_body_over_limit_) return exchange_->refuse(413, "body_too_large");
  if (const ReadFault fault = reader_.fault()) {
    server_.counters().refused_malformed.add();
    return exchange_->refuse(fault.http_status, fault.code);
  }
  if (is_body_broken_) return exchange_->refuse(408, "request_timeout");
  if (MonotonicClock::now() >= exchange_->request.deadline) {
    server_.counters().timed_out_request.add();
    return exchange_->refuse(503, "deadline_exceeded", 1);
  }
  if (exchange_->is_cancelled()) return exchange_->refuse(503, "unavailable", 1);
  log::error("handler gave no answer",
             {{"route", exchange_->route().label}, {"request_id", exchange_->request.id}});
  exchange_->refuse(500, "no_answer");
}

void Connection::complete_request() {
  settle_answer();
  const bool is_whole = exchange_->answer.state == HttpExchange::AnswerState::whole;
  // The head of a streamed answer has told the client already whether the connection stays.
  const bool is_told_late = is_whole && server_.is_draining();
  const bool may_keep = !is_body_broken_ && is_body_complete_ && !is_told_late;
  keeps_alive_ = keeps_alive_ && may_keep;
  if (is_whole && !is_closed_) send_whole_answer(keeps_alive_);
  record();
  release_slot();
  if (parked_ != nullptr) {
    server_.counters().streams_parked.add(-1);
    const std::shared_ptr<ConnectionStream> stream = std::move(parked_);
    parked_ = nullptr;
    stream->detach();
  }
  body_waiter_.reset();
  room_waiter_.reset();
  server_.give_back(std::move(exchange_));
  phase_ = Phase::reading;
  awaiting_ = Awaiting::nothing;
  if (!keeps_alive_) close_after_answer(!is_body_complete_ || in_used_ < in_.size());
  is_discarding_ = false;
}

void Connection::send_whole_answer(bool keeps) {
  HttpExchange::Answer& answer = exchange_->answer;
  AnswerPlan plan = plan_answer(*exchange_, server_.options());
  const bool is_head = exchange_->request.head.method == "HEAD";
  if (plan.coding != ContentCoding::identity && !plan.is_unmodified) {
    std::string smaller;
    const auto work = [&] { smaller = compress(answer.body, plan.coding); };
    WorkerPool* workers = server_.server().dependencies.workers;
    const bool is_large = answer.body.size() > kInlineCompressionBytesMax;
    if (!is_large || Fiber::current() == nullptr || workers == nullptr || !workers->run(work)) {
      work();
    }
    if (is_closed_) return;
    answer.body = std::move(smaller);
  }
  HeadOptions options{server_.date(), AnswerFraming::sized, answer.body.size(), keeps};
  const bool is_bodiless = plan.is_unmodified || is_bodiless_status(answer.status);
  if (is_bodiless) options.framing = AnswerFraming::none;
  if (out_.capacity() <= sizeof(std::string) && out_.empty()) out_ = server_.take_buffer();
  append_head(out_, *exchange_, server_.server(), plan, options);
  if (plan.is_unmodified) answer.status = 304;
  if (is_bodiless || is_head) return;
  answer_bytes_ = answer.body.size();
  out_.append(answer.body);
}

void Connection::record() {
  const HttpExchange::Request& request = exchange_->request;
  const std::uint16_t status = exchange_->answer.status;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(MonotonicClock::now() -
                                                                          request.started);
  if (exchange_->has_route()) {
    RouteCounters& route = server_.counters().routes[request.match.route->index];
    route.by_status_class[status / 100 <= 5 ? status / 100 : 0].add();
    const std::vector<double>& bounds = HttpServer::latency_bounds_s();
    const double took_s = static_cast<double>(took.count()) / 1e6;
    std::size_t bucket = 0;
    while (bucket < bounds.size() && took_s > bounds[bucket]) ++bucket;
    route.latency_buckets[bucket].add();
    route.latency_sum_us.add(took.count());
  }
  const auto& on_access = server_.server().dependencies.on_access;
  if (!on_access) return;
  AccessRecord line;
  line.request_id = request.id;
  line.method = request.head.method;
  line.path = request.path;
  line.client_address = request.client_address;
  line.user_id = exchange_->principal().user_id;
  line.status = status;
  line.sent_bytes = answer_bytes_;
  line.took = took;
  line.route = request.match.route;
  on_access(line);
}

}  // namespace calixo::host
