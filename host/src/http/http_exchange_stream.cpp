// The exchange's streaming. A handler on a worker thread has its calls done on the loop.
#include "http/connection.hpp"
#include "http/http_exchange.hpp"
#include "http/server_context.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {

// Runs the action on the connection's loop and answers what it answers. A worker thread waits for
// as long as that takes, so the action may use its stack.
template <class Action>
StreamStatus HttpExchange::on_loop(const Action& action) {
  EventLoop& loop = connection_->loop();
  if (EventLoop::current() == &loop) return action();
  StreamStatus status = StreamStatus::cancelled;
  Completion done;
  loop.post([&action, &status, handle = done.handle()] {
    status = action();
    handle.complete();
  });
  done.wait();
  return status;
}

StreamStatus HttpExchange::read(std::span<char> buffer, std::size_t& size) {
  size = 0;
  if (!route().stream_body) return StreamStatus::invalid;
  while (true) {
    Completion more;
    const StreamStatus status =
        on_loop([&] { return connection_->take_body(buffer, size, more.handle()); });
    if (status != StreamStatus::would_block) return status;
    if (more.wait(Deadline(request.deadline)) != WaitStatus::ready) return StreamStatus::cancelled;
  }
}

StreamStatus HttpExchange::begin(std::uint16_t status, std::string_view content_type,
                                 std::int64_t content_length) {
  if (is_answered()) return StreamStatus::conflict;
  if (!set_answer(status, content_type)) return StreamStatus::invalid;
  answer.state = AnswerState::streaming;
  return on_loop([&] { return connection_->begin_stream(content_length); });
}

// In parts, so that no more waits in memory than the limit says, however much is handed over.
StreamStatus HttpExchange::write(std::string_view bytes) {
  if (answer.state != AnswerState::streaming) return StreamStatus::conflict;
  const bool fits =
      on_loop([&] {
        return connection_->may_stream(bytes.size()) ? StreamStatus::ok : StreamStatus::invalid;
      }) == StreamStatus::ok;
  if (!fits) return StreamStatus::invalid;
  StreamStatus status = StreamStatus::ok;
  do {
    const std::string_view part = bytes.substr(0, server_.options.stream_buffer_bytes_max);
    bytes.remove_prefix(part.size());
    status = write_part(part);
  } while (status == StreamStatus::ok && !bytes.empty());
  return status;
}

StreamStatus HttpExchange::write_part(std::string_view bytes) {
  bool has_room = false;
  const StreamStatus status = on_loop([&] {
    const StreamStatus sent = connection_->send_stream(bytes);
    has_room = connection_->has_room();
    return sent;
  });
  return status == StreamStatus::ok && !has_room ? wait_for_room() : status;
}

StreamStatus HttpExchange::wait_for_room() {
  while (true) {
    Completion room;
    const StreamStatus status = on_loop([&] {
      if (connection_->is_closed()) return StreamStatus::cancelled;
      if (connection_->has_room()) return StreamStatus::ok;
      connection_->notify_room(room.handle());
      return StreamStatus::would_block;
    });
    if (status != StreamStatus::would_block) return status;
    if (room.wait(Deadline(request.deadline)) != WaitStatus::ready) return StreamStatus::cancelled;
  }
}

StreamStatus HttpExchange::end() {
  if (answer.state != AnswerState::streaming) return StreamStatus::conflict;
  return on_loop([&] { return connection_->end_stream(); });
}

StreamStatus HttpExchange::park(ParkedStream::Events& events,
                                std::shared_ptr<ParkedStream>& stream) {
  if (answer.state != AnswerState::streaming) return StreamStatus::conflict;
  return on_loop([&] { return connection_->park(events, stream); });
}

}  // namespace calixo::host
