// One libpq connection in pipeline mode on one event loop: connects, sends runs, hands answers to
// their waiters, and says when it was lost. [loop], all of it; not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/counters.hpp"
#include "db/run.hpp"
#include "db/statement_cache.hpp"
#include "runtime/event_loop.hpp"

struct pg_conn;
struct pg_cancel;

namespace calixo::host {

class DatabaseConnection final : private EventLoop::Watcher {
 public:
  class Owner {
   public:
    virtual void on_connected(DatabaseConnection& connection) = 0;
    // The attempt failed, or a connection that stood broke; its runs were answered `unavailable`.
    // The owner may not destroy the connection from here.
    virtual void on_lost(DatabaseConnection& connection, std::string_view reason) = 0;
    virtual void on_answered(
        DatabaseConnection& connection) = 0;  // a run ended: there is room again

   protected:
    ~Owner() = default;
  };

  // is_shared: between runs no transaction may stand open.
  DatabaseConnection(EventLoop& loop, const DatabaseOptions& options, bool is_shared,
                     DatabaseCounters& counters, Owner& owner);
  ~DatabaseConnection();

  void connect();
  // Answers what is in flight with `unavailable`. on_lost is not called.
  void close();

  bool is_ready() const { return state_ == State::ready; }
  bool is_closed() const { return state_ == State::closed; }
  std::size_t in_flight() const { return segments_.size(); }

  // Sends the run, its results sized already. It ends by run.finish(), now at the earliest.
  void submit(Run& run);
  // The same for one command without context: commit. run.statements is not looked at.
  void submit_bare(Run& run, const char* sql);
  // Sends one command that nobody waits for: rollback.
  void submit_command(const char* sql);

  // For PQcancel on another thread; the caller frees it.
  pg_cancel* make_cancel() const;

 private:
  enum class State { closed, connecting, ready };

  void on_ready(std::uint32_t events) override;
  void advance_connecting();
  bool set_up();
  void watch(std::uint32_t events);
  void stop_watching();
  void flush();
  void lose(std::string_view reason);
  std::string last_error() const;

  bool send_run(Run& run, Segment& segment);
  bool send_homecoming(const Run& run, Segment& segment);
  bool send_context(const StatementContext& context, Segment& segment);
  bool send_statement(const Run& run, std::uint32_t index, Segment& segment);
  bool send_parsed(std::string_view role, std::string_view sql, std::uint32_t index,
                   Segment& segment);
  bool bind_parameters(const Statement& statement);
  bool send_housekeeping();

  void read_results();
  void take_result(pg_result* result);
  void take_step(Segment& segment, const Segment::Step& step, pg_result* result);
  void take_failure(Segment& segment, const Segment::Step& step, pg_result* result);
  void end_segment();

  std::unique_ptr<Segment> take_segment();
  void push(std::unique_ptr<Segment> segment);
  std::unique_ptr<Segment> pop();
  void answer_all_unavailable();

  EventLoop& loop_;
  const DatabaseOptions& options_;
  const bool is_shared_;
  Owner& owner_;
  State state_ = State::closed;
  pg_conn* connection_ = nullptr;
  int descriptor_ = -1;
  std::uint32_t watched_events_ = 0;
  std::deque<std::unique_ptr<Segment>> segments_;
  std::vector<std::unique_ptr<Segment>> spare_segments_;
  StatementCache cache_;
  DatabaseCounters& counters_;

  // Scratch of the statement being sent, kept for its capacity.
  std::string parameter_text_;
  std::vector<std::size_t> parameter_offsets_;
  std::vector<const char*> parameter_values_;
};

}  // namespace calixo::host
