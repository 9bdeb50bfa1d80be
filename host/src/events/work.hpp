// What the dispatcher works on: deliveries of events and runs of jobs are rows of the same kind, so
// one machine serves both. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace calixo::host {

// A claimed row: one attempt at a delivery or a run.
struct WorkItem {
  std::int64_t id = 0;          // of the row
  std::int64_t subject_id = 0;  // the event's; for jobs the row's
  std::uint32_t attempt = 0;    // 1 the first time; also the claim's token
  std::string key;              // orders deliveries; for jobs empty
  std::string payload;          // JSON
  std::int64_t at_us = 0;       // published, or to be run
};

// How an attempt ended.
struct Outcome {
  enum class Kind {
    done,
    failed,    // to be tried again
    hopeless,  // no attempt will pass
    cancelled  // the process ends; does not count as an attempt
  };
  Kind kind = Kind::done;
  std::string error;  // for the operator

  static Outcome failed(std::string why) { return {Kind::failed, std::move(why)}; }
};

// One subscription or one job, as this process knows it.
struct WorkKind {
  std::string name;    // "<plugin>/<name>", as the rows have it
  std::string topic;   // subscriptions
  std::string signal;  // what wakes it: the topic, or the job's name
  std::string label;   // what watchdog and crash reports name
  std::uint32_t attempts_max = 1;
  std::chrono::milliseconds timeout{0};
  std::chrono::milliseconds every{0};  // jobs; 0: enqueued only
  std::size_t concurrency_max = 1;     // in this process
  bool in_transaction = false;
  // Runs one attempt; must not throw. With in_transaction the transaction is there and stays.
  // Appends the signals of what it published in it. [fiber, suspends]
  std::function<Outcome(const WorkItem& item, std::unique_ptr<Transaction>& transaction,
                        std::vector<std::string>& signals)>
      run;
};

struct WorkOptions {
  std::size_t concurrency_max = 4;  // of one kind, in this process
  std::size_t payload_bytes_max = 64 * 1024;
  std::uint32_t attempts_max = 10;
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds lease_margin{5'000};  // a claim lasts the kind's timeout and this
  std::chrono::milliseconds retry_backoff{1'000};
  std::chrono::milliseconds retry_backoff_max{600'000};
  std::chrono::milliseconds poll_interval{1'000};
  std::chrono::seconds finished_retention{86'400};
  std::chrono::hours dead_retention{24 * 30};
  std::chrono::hours subscriber_absence_max{24 * 7};
};

// The server's own role and claims, for the tables of this room.
StatementContext work_context();

}  // namespace calixo::host
