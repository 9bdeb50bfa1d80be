#include "db/ambient_transaction.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/fiber.hpp"

namespace calixo::host {
namespace {

using Joined = std::pair<const Fiber*, AmbientTransaction*>;

// Who is in one on this thread: mostly nobody. A fiber stays on its thread; the thread itself,
// outside of fibers, is nullptr.
std::vector<Joined>& joined_here() {
  static thread_local std::vector<Joined> joined;
  return joined;
}

}  // namespace

AmbientTransaction* AmbientTransaction::current() {
  const std::vector<Joined>& joined = joined_here();
  if (joined.empty()) return nullptr;
  const Fiber* const fiber = Fiber::current();
  const auto own = std::find_if(joined.begin(), joined.end(),
                                [fiber](const Joined& one) { return one.first == fiber; });
  return own == joined.end() ? nullptr : own->second;
}

AmbientTransaction::Scope::Scope(AmbientTransaction& joined) {
  joined_here().emplace_back(Fiber::current(), &joined);
}

AmbientTransaction::Scope::~Scope() {
  std::erase_if(joined_here(),
                [fiber = Fiber::current()](const Joined& one) { return one.first == fiber; });
}

// A transaction within the whole. Its savepoint travels with its first statements.
class AmbientTransaction::Part final : public Transaction {
 public:
  explicit Part(AmbientTransaction& ambient)
      : ambient_(ambient), name_("calixo_part_" + std::to_string(++ambient.parts_)) {}
  ~Part() override { rollback(); }

  DbStatus run(const StatementContext& context, std::span<const Statement> statements,
               std::vector<ResultSet>& results) override {
    return run_between(context, statements, false, results);
  }

  // As run, and the part ends with it: one flush for what is a single run by itself.
  DbStatus run_and_end(const StatementContext& context, std::span<const Statement> statements,
                       std::vector<ResultSet>& results) {
    const DbStatus status = run_between(context, statements, true, results);
    if (status == DbStatus::ok) is_open_ = false;
    return status;
  }

  bool run_later(const StatementContext& context, std::span<const Statement> statements) override {
    return open_later() && ambient_.whole().run_later(context, statements);
  }
  bool run_row_later(const StatementContext& context, const Statement& row) override {
    return open_later() && ambient_.whole().run_row_later(context, row);
  }

  DbStatus commit(ResultSet& failure) override {
    if (!std::exchange(is_open_, false)) return DbStatus::ok;
    std::vector<ResultSet> results;
    const DbStatus status = run_command("release savepoint ", results);
    if (status == DbStatus::ok) return status;
    if (status == DbStatus::sql_error) failure = std::move(results.front());
    undo();
    return status;
  }

  void rollback() override {
    if (std::exchange(is_open_, false)) undo();
  }

 private:
  bool open_later() {
    const std::string savepoint = "savepoint " + name_;
    const Statement first{savepoint, {}};
    if (!is_open_ && !ambient_.whole().run_later({}, {&first, 1})) return false;
    is_open_ = true;
    return true;
  }

  DbStatus run_between(const StatementContext& context, std::span<const Statement> statements,
                       bool is_last, std::vector<ResultSet>& results) {
    const std::string savepoint = "savepoint " + name_;
    const std::string release = "release savepoint " + name_;
    const bool is_first = !std::exchange(is_open_, true);
    std::vector<Statement> all;
    if (is_first) all.push_back({savepoint, {}});
    all.insert(all.end(), statements.begin(), statements.end());
    if (is_last) all.push_back({release, {}});
    const DbStatus status = ambient_.whole().run(context, all, results);
    if (is_first) drop_first(results);
    results.resize(statements.size());
    return status;
  }

  // A failure of what was sent before stays with the first that is told.
  static void drop_first(std::vector<ResultSet>& results) {
    if (results.size() < 2) return;
    if (results.front().failed()) std::swap(results[0], results[1]);
    results.erase(results.begin());
  }

  void undo() {
    std::vector<ResultSet> results;
    run_command("rollback to savepoint ", results);
  }

  DbStatus run_command(std::string_view command, std::vector<ResultSet>& results) {
    const std::string sql = std::string(command) + name_;
    const Statement statement{sql, {}};
    return ambient_.whole().run({}, {&statement, 1}, results);
  }

  AmbientTransaction& ambient_;
  const std::string name_;
  bool is_open_ = false;
};

AmbientTransaction::AmbientTransaction(std::unique_ptr<Transaction> whole, Isolation isolation)
    : whole_(std::move(whole)), isolation_(isolation), wanted_(isolation) {}

AmbientTransaction::~AmbientTransaction() = default;

DbStatus AmbientTransaction::run(const StatementContext& context,
                                 std::span<const Statement> statements,
                                 std::vector<ResultSet>& results) {
  Part part(*this);
  return part.run_and_end(context, statements, results);
}

DbStatus AmbientTransaction::begin(const TransactionOptions& options,
                                   std::unique_ptr<Transaction>& transaction) {
  wanted_ = std::max(wanted_, options.isolation);
  if (options.isolation > isolation_) return DbStatus::unavailable;
  transaction = std::make_unique<Part>(*this);
  return DbStatus::ok;
}

DbStatus AmbientTransaction::commit(ResultSet& failure) {
  const DbStatus status = whole_->commit(failure);
  if (status != DbStatus::ok) return status;
  for (const auto& work : std::exchange(after_commit_, {})) work();
  return status;
}

}  // namespace calixo::host
