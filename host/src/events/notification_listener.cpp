#include "events/notification_listener.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <system_error>

#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr int kPauseMinMs = 100, kPauseMaxMs = 5'000;

struct Closer {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using OwnedConnection = std::unique_ptr<PGconn, Closer>;

OwnedConnection connect_to(const std::string& url) {
  const char* const keywords[] = {"dbname", "connect_timeout", "fallback_application_name",
                                  nullptr};
  const char* const values[] = {url.c_str(), "5", "calixo listen", nullptr};
  return OwnedConnection(PQconnectdbParams(keywords, values, 1));
}

}  // namespace

NotificationListener::NotificationListener(std::string url, std::string channel,
                                           std::function<void(std::string_view)> heard)
    : url_(std::move(url)),
      channel_(std::move(channel)),
      heard_(std::move(heard)),
      end_descriptor_(::eventfd(0, EFD_CLOEXEC)) {
  if (end_descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::thread([this] { listen_for_ever(); });
}

NotificationListener::~NotificationListener() {
  const std::uint64_t one = 1;
  while (::write(end_descriptor_, &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
  ::close(end_descriptor_);
}

bool NotificationListener::is_told_to_end(int timeout_ms) const {
  pollfd end{end_descriptor_, POLLIN, 0};
  return ::poll(&end, 1, timeout_ms) > 0;
}

void NotificationListener::listen_for_ever() {
  int pause_ms = kPauseMinMs;
  do {
    const OwnedConnection connection = connect_to(url_);
    if (listen_on(connection.get())) {
      pause_ms = kPauseMinMs;
      heard_("");
      hear(connection.get());
    }
    pause_ms = std::min(pause_ms * 2, kPauseMaxMs);
  } while (!is_told_to_end(pause_ms));
}

bool NotificationListener::listen_on(PGconn* connection) {
  if (PQstatus(connection) != CONNECTION_OK) return false;
  PGresult* const result = PQexec(connection, ("listen " + channel_).c_str());
  const bool is_listening = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  // A pooler in transaction mode refuses: then polls are all there is.
  if (!is_listening) log::warn("events are polled only", {{"reason", "LISTEN was refused"}});
  return is_listening;
}

// Until the connection is lost or the end is told.
void NotificationListener::hear(PGconn* connection) {
  for (;;) {
    std::array<pollfd, 2> both{{{end_descriptor_, POLLIN, 0}, {PQsocket(connection), POLLIN, 0}}};
    if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR) return;
    if (both[0].revents != 0) return;
    if (PQconsumeInput(connection) == 0) return;
    while (PGnotify* const told = PQnotifies(connection)) {
      heard_(told->extra);
      PQfreemem(told);
    }
  }
}

}  // namespace calixo::host
