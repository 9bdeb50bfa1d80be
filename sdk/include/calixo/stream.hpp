// Bodies larger than memory, and answers without an end.
// A Stream belongs to its request's fiber; a ParkedStream may be used from anywhere.
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/exception_state.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace calixo {

// What became of bytes: taken, refused as a whole for want of room, or too late.
enum class Sent { queued, full, closed };

// An answer that goes on after its handler returned, holding no fiber: an event stream.
// Destroying it gives the reference back; the answer is closed first.
class ParkedStream {
 public:
  // What the stream tells; must not wait. [loop]
  struct Events {
    std::function<void()> on_writable;  // room again after Sent::full. [loop]
    std::function<void()> on_closed;    // once: client gone, drain, or closed. [loop]
  };

  ParkedStream() = default;
  // The other holds nothing afterwards.
  ParkedStream(ParkedStream&& other) noexcept
      : api_(other.api_),
        stream_(std::exchange(other.stream_, nullptr)),
        events_(std::move(other.events_)) {}
  // Swaps the two.
  ParkedStream& operator=(ParkedStream&& other) noexcept {
    std::swap(api_, other.api_);
    std::swap(stream_, other.stream_);
    std::swap(events_, other.events_);
    return *this;
  }
  ~ParkedStream() {
    if (stream_ == nullptr) return;
    api_->close(stream_);
    api_->release(stream_);
  }

  // Queues all of the bytes or none. [any-thread]
  Sent send(std::string_view bytes) {
    if (stream_ == nullptr) return Sent::closed;
    switch (api_->send(stream_, detail::to_abi(bytes))) {
      case CALIXO_OK:
        return Sent::queued;
      case CALIXO_WOULD_BLOCK:
        return Sent::full;
      default:
        return Sent::closed;
    }
  }
  // Ends the answer once all is sent. [any-thread]
  void close() {
    if (stream_ != nullptr) api_->close(stream_);
  }

 private:
  friend class Stream;

  static void writable(void* user, calixo_stream*) {
    call(static_cast<Events*>(user)->on_writable);
  }
  static void closed(void* user, calixo_stream*) { call(static_cast<Events*>(user)->on_closed); }
  static void call(const std::function<void()>& event) {
    try {
      if (event) event();
    } catch (...) {  // nothing may leave a callback; the stream goes on
    }
  }

  const calixo_stream_v1* api_ = nullptr;
  calixo_stream* stream_ = nullptr;
  std::unique_ptr<Events> events_;
};

// The body and the answer of one request, in parts.
class Stream {
 public:
  // Made by Context.
  Stream(const detail::Host& host, calixo_exchange* exchange)
      : api_(host.stream), exchange_(exchange) {}

  // The next bytes of the request's body, for routes with stream_body(); 0 at its end. Throws
  // HostFailure (CALIXO_LIMIT past body_bytes_max). [fiber, suspends]
  std::size_t read(std::span<char> buffer) {
    std::size_t size = 0;
    check(detail::suspending(
              [&] { return api_->read(exchange_, buffer.data(), buffer.size(), &size); }),
          "read the request's body");
    return size;
  }

  // Starts the answer; content_length < 0: its end is not known. Headers were set before. [fiber]
  void begin(int http_status, std::string_view content_type, std::int64_t content_length = -1) {
    check(api_->begin(exchange_, static_cast<std::uint16_t>(http_status),
                      detail::to_abi(content_type), content_length),
          "begin an answer");
    has_begun_ = true;
  }
  // Waits while the client is slower. Throws HostFailure once it is gone. [fiber, suspends]
  void write(std::string_view bytes) {
    check(detail::suspending([&] { return api_->write(exchange_, detail::to_abi(bytes)); }),
          "write an answer");
  }
  // [fiber]
  void end() { check(api_->end(exchange_), "end an answer"); }

  // After begin: hands the answer to a stream that outlives the handler. [fiber]
  ParkedStream park(ParkedStream::Events events) {
    static constexpr calixo_stream_events kTable{sizeof(calixo_stream_events),
                                                 &ParkedStream::writable, &ParkedStream::closed};
    ParkedStream parked;
    parked.api_ = api_;
    parked.events_ = std::make_unique<ParkedStream::Events>(std::move(events));
    check(api_->park(exchange_, &kTable, parked.events_.get(), &parked.stream_), "park an answer");
    return parked;
  }

  // Whether the answer has begun: then nothing else may be answered.
  bool has_begun() const { return has_begun_; }

 private:
  static void check(calixo_status status, const char* operation) {
    detail::throw_unless_ok(status, operation);
  }

  const calixo_stream_v1* api_;
  calixo_exchange* exchange_;
  bool has_begun_ = false;
};

}  // namespace calixo
