#include "db/database.hpp"

#include <algorithm>
#include <atomic>

#include "db/ambient_transaction.hpp"
#include "db/loop_database.hpp"
#include "db/remote_call.hpp"
#include "db/transaction.hpp"

namespace calixo::host {

struct Database::Impl {
  DatabaseOptions options;
  std::vector<std::shared_ptr<LoopDatabase>> loops;
  std::atomic<std::size_t> next{0};

  // The calling fiber's own, or one of the others by turns.
  std::shared_ptr<LoopDatabase>& choose() {
    if (Fiber::current() != nullptr) {
      EventLoop* const current = EventLoop::current();
      for (auto& loop : loops) {
        if (&loop->loop() == current) return loop;
      }
    }
    return loops[next.fetch_add(1, std::memory_order_relaxed) % loops.size()];
  }
};

Database::Database(DatabaseOptions options, std::vector<EventLoop*> loops)
    : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  const auto canceller = std::make_shared<Canceller>();
  for (EventLoop* loop : loops) {
    impl_->loops.push_back(std::make_shared<LoopDatabase>(*loop, impl_->options, canceller));
  }
  for (const auto& loop : impl_->loops) loop->loop().post([loop] { loop->start(); });
}

Database::~Database() {
  for (const auto& loop : impl_->loops) loop->close_from_anywhere();
}

DbStatus Database::run(const StatementContext& context, std::span<const Statement> statements,
                       std::vector<ResultSet>& results) {
  if (AmbientTransaction* const joined = AmbientTransaction::current()) {
    return joined->run(context, statements, results);
  }
  const std::shared_ptr<LoopDatabase>& loop = impl_->choose();
  if (loop->is_own_fiber()) return loop->pipelines().run(context, statements, results);
  auto call = std::make_shared<RemoteRun>(context, statements);
  const DbStatus status = call_remotely(*loop, [loop, call] {
    return loop->pipelines().run(call->context(), call->statements(), call->results);
  });
  if (status == DbStatus::ok || status == DbStatus::sql_error) results = std::move(call->results);
  return status;
}

DbStatus Database::begin(const TransactionOptions& options,
                         std::unique_ptr<Transaction>& transaction) {
  if (AmbientTransaction* const joined = AmbientTransaction::current()) {
    return joined->begin(options, transaction);
  }
  const std::shared_ptr<LoopDatabase>& loop = impl_->choose();
  auto opened = std::make_shared<LoopTransaction>(loop, options);
  const DbStatus status = loop->is_own_fiber()
                              ? opened->lease()
                              : call_remotely(*loop, [opened] { return opened->lease(); });
  if (status == DbStatus::ok) transaction = make_transaction(std::move(opened));
  return status;
}

bool Database::is_available() const {
  // A loop without a connection refuses its share of the requests.
  return std::all_of(impl_->loops.begin(), impl_->loops.end(),
                     [](const auto& loop) { return loop->pipelines().ready_count() > 0; });
}

std::chrono::milliseconds Database::retry_after() const {
  using std::chrono::milliseconds;
  auto soonest = MonotonicClock::time_point::max();
  for (const auto& loop : impl_->loops) {
    soonest = std::min(soonest, loop->pipelines().next_attempt());
  }
  const auto left = std::chrono::ceil<milliseconds>(soonest - MonotonicClock::now());
  return std::clamp(left, milliseconds(0), impl_->options.reconnect_backoff_max);
}

Database::Stats Database::stats() const {
  Stats sum;
  for (const auto& loop : impl_->loops) loop->add_stats(sum);
  return sum;
}

void Database::drain() {
  for (const auto& loop : impl_->loops) loop->loop().post([loop] { loop->drain(); });
}

}  // namespace calixo::host
