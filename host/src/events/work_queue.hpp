// The rows of one table as a queue: claims under a lease, and how an attempt ended. Any number of
// processes share a queue; a claim's attempt number is its token, so that whoever lost its lease
// changes nothing any more.
// [fiber, suspends], or a thread that may block.
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "events/work.hpp"

namespace calixo::host {

// The statements of one table.
struct WorkQueueSql {
  std::string_view claim;       // $1 kind's name, $2 how many, $3 lease in ms
  std::string_view claim_next;  // $1, $2 and $3 as claim, $4 key; empty: the queue has no keys
  std::string_view finish;      // $1 id, $2 attempt
  std::string_view retry;       // $1 id, $2 attempt, $3 pause in ms, $4 error
  std::string_view release;     // $1 id, $2 attempt, $3 pause in ms; takes the attempt back
  std::string_view bury;        // $1 id, $2 attempt, $3 error
};
extern const WorkQueueSql kDeliveryQueue;
extern const WorkQueueSql kJobQueue;

class WorkQueue {
 public:
  WorkQueue(Database& database, const WorkQueueSql& sql) : database_(database), sql_(sql) {}

  // At most `count` rows that are due and, with a key, the first of their key.
  DbStatus claim(const WorkKind& kind, std::size_t count, std::chrono::milliseconds lease,
                 std::vector<WorkItem>& items);
  // The one that follows `item` in its key, where it is due. False: none, or nobody could say.
  bool claim_next(const WorkKind& kind, std::chrono::milliseconds lease, WorkItem& item);

  // In the transaction of the attempt. is_ours is false where another has the row by now; then
  // the transaction must not be committed.
  DbStatus finish_in(Transaction& transaction, const WorkItem& item, bool& is_ours);
  DbStatus finish(const WorkItem& item);
  DbStatus retry(const WorkItem& item, std::chrono::milliseconds pause, std::string_view error);
  DbStatus release(const WorkItem& item, std::chrono::milliseconds pause);
  DbStatus bury(const WorkItem& item, std::string_view error);

  Database& database() { return database_; }

 private:
  Database& database_;
  const WorkQueueSql& sql_;
};

}  // namespace calixo::host
