// Delivers events and runs jobs in this process: a lane for each subscription and job, an ear
// for each signal, what keeps the tables, and the ear for other processes' news.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "events/ear.hpp"
#include "events/housekeeping.hpp"
#include "events/lane.hpp"
#include "events/notification_listener.hpp"
#include "events/outbox.hpp"

namespace calixo::host {

class Dispatcher {
 public:
  struct Sources {
    std::string database_url;      // for LISTEN
    Database* database = nullptr;  // outlives the loops' fibers, as outbox does
    Outbox* outbox = nullptr;
    std::vector<EventLoop*> loops;  // outlive it
    std::vector<WorkKind> subscribers, jobs;
    std::vector<EarKind> ears;
  };

  // Begins at once.
  explicit Dispatcher(Sources sources);
  // Drains with no patience, where drain was not called.
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // No new claims; returns when what runs has ended, or after the patience. What is left then is
  // taken over by others when its lease ends. Blocks the calling thread.
  void drain(std::chrono::milliseconds patience);

  struct KindStats {
    std::string name;
    bool is_job = false;
    Lane::Counts counts;
    Backlog backlog;
  };
  std::vector<KindStats> stats() const;  // [any-thread]

 private:
  void add_lanes(const std::vector<WorkKind>& kinds, const WorkQueue& queue);

  std::shared_ptr<Lane::Shared> shared_;
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::vector<std::shared_ptr<Ear>> ears_;
  std::size_t subscriber_count_ = 0;
  std::shared_ptr<Housekeeping> housekeeping_;
  std::optional<NotificationListener> listener_;
};

}  // namespace calixo::host
