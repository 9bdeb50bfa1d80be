// Publishing events and enqueueing runs, in the caller's transaction.
// [any-thread], on fibers and threads that may block.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "events/work.hpp"
#include "events/work_signals.hpp"

namespace calixo::host {

struct EventDraft {
  std::string_view topic, key, payload, publisher;
};

struct RunDraft {
  std::string_view job;         // "<plugin>/<name>"
  std::string_view unique_key;  // empty: none
  std::string_view payload;
  std::int64_t run_at_us = 0;  // 0: now
};

class Outbox {
 public:
  Outbox(Database& database, const WorkOptions& options);

  // Writes the event and a delivery for each subscriber, with the transaction's next flush, whose
  // failure it becomes. overloaded: too many statements wait. [fiber]
  static DbStatus publish(Transaction& transaction, const EventDraft& event);
  // is_new is false where the unique key is taken. [fiber, suspends]
  DbStatus enqueue(Transaction& transaction, const RunDraft& run, bool& is_new, ResultSet& failure);

  // Tells the database who hears which topic and which jobs run by the clock. Before anything is
  // published. Throws std::runtime_error. [startup]
  void introduce(const std::vector<WorkKind>& subscribers, const std::vector<WorkKind>& jobs);

  Database& database() { return database_; }
  const WorkOptions& options() const { return options_; }
  const std::shared_ptr<WorkSignals>& signals() const { return signals_; }

 private:
  Database& database_;
  WorkOptions options_;
  std::shared_ptr<WorkSignals> signals_ = std::make_shared<WorkSignals>();
};

}  // namespace calixo::host
