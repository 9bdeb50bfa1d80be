// One run of statements on its way: what the waiter holds, and what its connection remembers of it
// until the server has answered.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {

struct Segment;

// Lives on the stack of the waiting fiber. Everything that touches it runs on the fiber's own loop,
// so that a waiter that leaves detaches itself before its stack goes.
struct Run {
  StatementContext context;
  std::span<const Statement> statements;
  std::vector<ResultSet>* results = nullptr;
  Completion::Handle done;
  std::string_view begin = {};  // "begin …" to be sent in front
  bool may_retry = false;       // nothing of it can have taken effect when a statement fails
  DbStatus status = DbStatus::unavailable;
  Segment* segment = nullptr;  // once it was sent
  bool is_continued = false;   // inside a transaction that an earlier run began

  void finish(DbStatus with) {
    status = with;
    segment = nullptr;
    done.complete();
  }
};

// What was sent up to one Sync. The server answers each step once, in order.
struct Segment {
  enum class Kind : std::uint8_t { housekeeping, begin, context, parse, statement };
  struct Step {
    Kind kind;
    std::uint32_t index;         // of the statement
    std::uint64_t prepared = 0;  // StatementCache's id, 0: unnamed
  };

  Run* run = nullptr;  // nullptr: the waiter left, or nobody waits
  std::vector<Step> steps;
  std::size_t position = 0;
  bool has_failed = false;
  bool is_timeout = false;     // the server's statement_timeout ended it
  bool is_stale_plan = false;  // a prepared statement has to be made anew
};

}  // namespace calixo::host
