// Parked streams; see the header.
#include "http/connection_stream.hpp"

#include "http/connection.hpp"

namespace calixo::host {

ConnectionStream::ConnectionStream(Connection& connection, Events& events,
                                   const HttpOptions& options)
    : loop_(connection.loop()),
      unsent_bytes_max_(options.stream_buffer_bytes_max),
      message_bytes_max_(options.answer_bytes_max),
      connection_(&connection),
      events_(&events) {}

StreamStatus ConnectionStream::send(std::string_view bytes) {
  std::unique_lock lock(mutex_);
  if (is_closing_) return StreamStatus::cancelled;
  if (bytes.size() > message_bytes_max_) return StreamStatus::limit;
  const std::size_t unsent = queue_.size() + connection_unsent_bytes_;
  // A message larger than the limit still goes out where nothing else waits.
  if (unsent > 0 && unsent + bytes.size() > unsent_bytes_max_) {
    wants_room_ = true;
    return StreamStatus::would_block;
  }
  queue_.append(bytes);
  schedule_pump(lock);
  return StreamStatus::ok;
}

void ConnectionStream::close() {
  std::unique_lock lock(mutex_);
  if (is_closing_) return;
  is_closing_ = true;
  schedule_pump(lock);
}

void ConnectionStream::forget() {
  {
    const std::lock_guard lock(events_mutex_);
    events_ = nullptr;
  }
  close();
}

bool ConnectionStream::is_closing() const {
  const std::lock_guard lock(mutex_);
  return is_closing_;
}

void ConnectionStream::schedule_pump(std::unique_lock<std::mutex>& lock) {
  if (is_pump_due_) return;
  is_pump_due_ = true;
  lock.unlock();
  loop_.post([self = shared_from_this()] { self->pump(); });
}

std::string ConnectionStream::take_queued() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queue_, {});
}

void ConnectionStream::pump() {
  std::string bytes;
  {
    const std::lock_guard lock(mutex_);
    is_pump_due_ = false;
    bytes.swap(queue_);
    connection_unsent_bytes_ += bytes.size();  // until the connection says what is left
  }
  if (connection_ != nullptr && !bytes.empty()) connection_->send_stream(bytes);
  if (connection_ != nullptr && is_closing()) connection_->finish_parked();
}

void ConnectionStream::on_sent(std::size_t unsent_bytes) {
  {
    const std::lock_guard lock(mutex_);
    connection_unsent_bytes_ = unsent_bytes;
    if (!wants_room_ || is_closing_) return;
    if (queue_.size() + unsent_bytes > unsent_bytes_max_ / 2) return;
    wants_room_ = false;
  }
  notify([](Events& events) { events.on_writable(); });
}

void ConnectionStream::detach() {
  connection_ = nullptr;
  {
    const std::lock_guard lock(mutex_);
    is_closing_ = true;
    queue_.clear();
  }
  const auto self = shared_from_this();  // the event may drop the last other reference
  const std::lock_guard lock(events_mutex_);
  Events* const events = std::exchange(events_, nullptr);
  if (events != nullptr) events->on_closed();
}

template <class Call>
void ConnectionStream::notify(const Call& call) {
  const auto self = shared_from_this();
  const std::lock_guard lock(events_mutex_);
  if (events_ != nullptr) call(*events_);
}

}  // namespace calixo::host
