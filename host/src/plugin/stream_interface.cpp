// calixo.stream/1 over http's streaming: bodies in pieces, answers that outlive their handler.
#include <calixo/abi/stream.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "http/exchange.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/contained.hpp"
#include "plugin/exchange_handle.hpp"
#include "plugin/plugin_instance.hpp"

using calixo::host::ParkedStream;

// The plugin's reference to a parked stream, and the callbacks it gave.
struct calixo_stream final : ParkedStream::Events {
  calixo_stream(const calixo_stream_events& wanted, void* wanted_user, std::string of)
      : events(wanted), user(wanted_user), label(std::move(of)) {}
  void on_writable() override { tell(events.on_writable); }
  void on_closed() override { tell(events.on_closed); }
  // The event may release the stream, and its label with it.
  void tell(void (*event)(void* user, calixo_stream* stream)) {
    if (event == nullptr) return;
    const std::string kept = label;
    calixo::host::call_contained(kept, [&] { event(user, this); });
  }

  calixo_stream_events events;
  void* user;
  const std::string label;  // of the route
  std::shared_ptr<ParkedStream> stream;
};

namespace calixo::host {
namespace {

calixo_status to_status(StreamStatus status) {
  switch (status) {
    case StreamStatus::ok:
      return CALIXO_OK;
    case StreamStatus::cancelled:
      return CALIXO_CANCELLED;
    case StreamStatus::limit:
      return CALIXO_LIMIT;
    case StreamStatus::would_block:
      return CALIXO_WOULD_BLOCK;
    case StreamStatus::conflict:
      return CALIXO_CONFLICT;
    case StreamStatus::invalid:
      return CALIXO_INVALID;
  }
  return CALIXO_INTERNAL;
}

calixo_status read(calixo_exchange* handle, char* buffer, size_t capacity, size_t* size) {
  if (handle == nullptr || size == nullptr || buffer == nullptr) return CALIXO_INVALID;
  return to_status(handle->exchange.read({buffer, capacity}, *size));
}
calixo_status begin(calixo_exchange* handle, std::uint16_t http_status, calixo_str content_type,
                    std::int64_t content_length) {
  if (handle == nullptr) return CALIXO_INVALID;
  return to_status(handle->exchange.begin(http_status, view(content_type), content_length));
}
calixo_status write(calixo_exchange* handle, calixo_str bytes) {
  if (handle == nullptr) return CALIXO_INVALID;
  return to_status(handle->exchange.write(view(bytes)));
}
calixo_status end(calixo_exchange* handle) {
  if (handle == nullptr) return CALIXO_INVALID;
  return to_status(handle->exchange.end());
}

calixo_status park(calixo_exchange* handle, const calixo_stream_events* events, void* user,
                   calixo_stream** stream) {
  if (handle == nullptr || events == nullptr || stream == nullptr) return CALIXO_INVALID;
  *stream = nullptr;
  if (events == nullptr || events->struct_size < sizeof(calixo_stream_events)) {
    return CALIXO_INVALID;
  }
  auto parked = std::make_unique<calixo_stream>(*events, user, handle->exchange.route().label);
  const StreamStatus status = handle->exchange.park(*parked, parked->stream);
  if (status == StreamStatus::ok) *stream = parked.release();
  return to_status(status);
}
calixo_status send(calixo_stream* stream, calixo_str bytes) {
  if (stream == nullptr) return CALIXO_INVALID;
  return to_status(stream->stream->send(view(bytes)));
}
void close(calixo_stream* stream) {
  if (stream != nullptr) stream->stream->close();
}
void release(calixo_stream* stream) {
  if (stream == nullptr) return;
  stream->stream->forget();
  delete stream;
}

}  // namespace

const void* stream_interface() {
  static constexpr calixo_stream_v1 kTable{&read, &begin, &write, &end,
                                           &park, &send,  &close, &release};
  return &kTable;
}

}  // namespace calixo::host
