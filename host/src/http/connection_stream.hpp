// A parked stream: the end of an answer that is fed from anywhere, without a fiber. The connection
// and the plugin hold it together; whichever leaves first, the other finds it closed.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "http/exchange.hpp"
#include "http/server.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {

class Connection;

class ConnectionStream final : public ParkedStream,
                               public std::enable_shared_from_this<ConnectionStream> {
 public:
  ConnectionStream(Connection& connection, Events& events, const HttpOptions& options);

  // [any-thread]
  StreamStatus send(std::string_view bytes) override;
  void close() override;
  void forget() override;  // closes as well: nobody is left to send
  bool is_closing() const;

  // For the connection. [loop]
  std::string take_queued();
  void on_sent(std::size_t unsent_bytes);
  void on_connection_lost() { detach(); }
  void detach();  // from here on it is closed, and says so, once

 private:
  void schedule_pump(std::unique_lock<std::mutex>& lock);
  void pump();
  template <class Call>
  void notify(const Call& call);

  EventLoop& loop_;
  const std::size_t unsent_bytes_max_;
  const std::uint64_t message_bytes_max_;
  Connection* connection_;  // [loop]; nullptr once detached

  mutable std::mutex mutex_;  // of what follows
  std::string queue_;
  std::size_t connection_unsent_bytes_ = 0;
  bool is_closing_ = false;
  bool is_pump_due_ = false;
  bool wants_room_ = false;

  // Held while an event is delivered, so that forget() returns after it. Recursive, since an event
  // may forget.
  std::recursive_mutex events_mutex_;
  Events* events_;
};

}  // namespace calixo::host
