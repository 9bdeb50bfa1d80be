// A connection of its own that hears NOTIFY on one channel, on a thread of its own. It only wakes:
// what it misses, polls find.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

struct pg_conn;

namespace calixo::host {

class NotificationListener {
 public:
  // `heard` gets each notification's payload, and "" after each connect: something may have been
  // missed. Called on the listener's thread. `channel` is a plain word.
  NotificationListener(std::string url, std::string channel,
                       std::function<void(std::string_view)> heard);
  ~NotificationListener();
  NotificationListener(const NotificationListener&) = delete;
  NotificationListener& operator=(const NotificationListener&) = delete;

 private:
  void listen_for_ever();
  bool listen_on(pg_conn* connection);
  void hear(pg_conn* connection);
  bool is_told_to_end(int timeout_ms) const;

  std::string url_;
  std::string channel_;
  std::function<void(std::string_view)> heard_;
  int end_descriptor_ = -1;  // readable from the end on
  std::thread thread_;
};

}  // namespace calixo::host
