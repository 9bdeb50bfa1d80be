// What the dispatcher does beside the lanes: runs by the clock, telling other processes of new
// work, removing what is finished, and counting what waits. Its fibers run on one loop until it was
// stopped or the loop ends.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "events/work.hpp"
#include "events/work_signals.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {

// What the tables held when last counted.
struct Backlog {
  std::uint64_t pending = 0;
  std::uint64_t dead = 0;
  double lag_s = 0;  // age of the oldest that is due; 0: none
};

class Housekeeping : public std::enable_shared_from_this<Housekeeping> {
 public:
  Housekeeping(Database& database, const WorkOptions& options, std::shared_ptr<WorkSignals> signals,
               const std::vector<WorkKind>& subscribers, const std::vector<WorkKind>& jobs);

  void start(EventLoop& loop);
  void stop() { is_stopped_ = true; }  // [any-thread]

  // By "<plugin>/<name>" of subscribers and jobs. [any-thread]
  std::map<std::string, Backlog> backlogs() const;

 private:
  void repeat(EventLoop& loop, std::chrono::milliseconds period, void (Housekeeping::*step)());
  void tell_others();
  void enqueue_due();
  void keep();
  void count();
  DbStatus run(std::string_view sql, const std::vector<std::string>& texts, ResultSet& answer);
  void remove_all(std::string_view sql, std::chrono::seconds age);

  Database& database_;
  const WorkOptions options_;
  std::shared_ptr<WorkSignals> signals_;
  std::vector<std::string> subscriber_names_, recurring_names_;
  std::atomic<bool> is_stopped_{false};
  mutable std::mutex mutex_;  // never held across a suspension
  std::map<std::string, Backlog> backlogs_;
};

}  // namespace calixo::host
