// One subscription or one job in this process: claims what is due, runs each attempt on a fiber of
// one of the loops, and settles it. Lanes share nothing but the database's connections, so that one
// whose attempts fail or hang holds up no other.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "events/wake_up.hpp"
#include "events/work.hpp"
#include "events/work_queue.hpp"
#include "events/work_signals.hpp"
#include "events/work_tally.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {

class Lane : public std::enable_shared_from_this<Lane> {
 public:
  // What the lanes of one dispatcher share; it outlives the loops' fibers.
  struct Shared {
    WorkOptions options;
    std::vector<EventLoop*> loops;
    std::shared_ptr<WorkSignals> signals;
    WorkTally tally;  // pumps and attempts that have not ended
    std::atomic<bool> is_draining{false};
  };
  struct Counts {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;  // attempts that are tried again
    std::uint64_t dead = 0;    // rows that were given up
    std::uint64_t in_flight = 0;
  };

  Lane(WorkKind kind, const WorkQueue& queue, std::shared_ptr<Shared> shared);

  // Claims and runs until shared->is_draining. [any-thread]
  void start(EventLoop& loop);
  void wake() { wake_up_->set(); }  // [any-thread]

  const WorkKind& kind() const { return kind_; }
  Counts counts() const;  // [any-thread]

 private:
  void pump();
  bool claim();
  void hand_out(WorkItem item);
  void work(WorkItem item);
  bool attempt(const WorkItem& item);
  Outcome run(const WorkItem& item, std::unique_ptr<Transaction>& transaction,
              std::vector<std::string>& signals);
  Outcome commit(const WorkItem& item, std::unique_ptr<Transaction>& transaction,
                 const std::vector<std::string>& signals);
  bool settle(const WorkItem& item, const Outcome& outcome);
  void bury(const WorkItem& item, const std::string& error);
  void retry(const WorkItem& item, const std::string& error);
  std::chrono::milliseconds backoff(std::uint32_t attempt) const;
  std::chrono::milliseconds lease() const;
  void slot_is_free();
  void look_again_in(std::chrono::milliseconds pause);

  WorkKind kind_;
  WorkQueue queue_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<WakeUp> wake_up_ = std::make_shared<WakeUp>();
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<bool> may_have_more_{false};  // the last claim filled every slot
  std::atomic<MonotonicClock::rep> look_again_at_;
  std::atomic<std::size_t> next_loop_{0};
  std::atomic<std::uint64_t> done_{0}, failed_{0}, dead_{0};
};

}  // namespace calixo::host
