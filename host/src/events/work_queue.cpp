#include "events/work_queue.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "events/sql_text.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kErrorBytesMax = 500;

std::int64_t number_at(const ResultSet& set, std::size_t row, std::size_t column) {
  const std::string_view text = set.value(row, column).value_or("0");
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string text_at(const ResultSet& set, std::size_t row, std::size_t column) {
  return std::string(set.value(row, column).value_or(""));
}

WorkItem item_at(const ResultSet& set, std::size_t row) {
  return {number_at(set, row, 0),
          number_at(set, row, 1),
          static_cast<std::uint32_t>(number_at(set, row, 2)),
          text_at(set, row, 3),
          text_at(set, row, 4),
          number_at(set, row, 5)};
}

// One statement whose parameters are texts.
template <class Runner, class... Texts>
DbStatus run_one(Runner& runner, ResultSet& answer, std::string_view sql, const Texts&... texts) {
  const std::array<std::optional<std::string_view>, sizeof...(Texts)> parameters{
      std::string_view(texts)...};
  const Statement statement{sql, parameters};
  std::vector<ResultSet> results;
  const DbStatus status = runner.run(work_context(), {&statement, 1}, results);
  if (!results.empty()) answer = std::move(results.front());
  return status;
}

std::string text_of(std::chrono::milliseconds duration) { return std::to_string(duration.count()); }

}  // namespace

DbStatus WorkQueue::claim(const WorkKind& kind, std::size_t count, std::chrono::milliseconds lease,
                          std::vector<WorkItem>& items) {
  ResultSet rows;
  const DbStatus status =
      run_one(database_, rows, sql_.claim, kind.name, std::to_string(count), text_of(lease));
  if (status != DbStatus::ok) return status;
  for (std::size_t row = 0; row < rows.row_count(); ++row) items.push_back(item_at(rows, row));
  return status;
}

bool WorkQueue::claim_next(const WorkKind& kind, std::chrono::milliseconds lease, WorkItem& item) {
  if (sql_.claim_next.empty() || item.key.empty()) return false;
  ResultSet rows;
  const DbStatus status =
      run_one(database_, rows, sql_.claim_next, kind.name, "1", text_of(lease), item.key);
  if (status != DbStatus::ok || rows.empty()) return false;
  item = item_at(rows, 0);
  return true;
}

DbStatus WorkQueue::finish_in(Transaction& transaction, const WorkItem& item, bool& is_ours) {
  ResultSet answer;
  const DbStatus status = run_one(transaction, answer, sql_.finish, std::to_string(item.id),
                                  std::to_string(item.attempt));
  is_ours = status == DbStatus::ok && answer.affected_rows() == 1;
  return status;
}

DbStatus WorkQueue::finish(const WorkItem& item) {
  ResultSet answer;
  return run_one(database_, answer, sql_.finish, std::to_string(item.id),
                 std::to_string(item.attempt));
}

DbStatus WorkQueue::retry(const WorkItem& item, std::chrono::milliseconds pause,
                          std::string_view error) {
  ResultSet answer;
  return run_one(database_, answer, sql_.retry, std::to_string(item.id),
                 std::to_string(item.attempt), text_of(pause), stored_text(error, kErrorBytesMax));
}

DbStatus WorkQueue::release(const WorkItem& item, std::chrono::milliseconds pause) {
  ResultSet answer;
  return run_one(database_, answer, sql_.release, std::to_string(item.id),
                 std::to_string(item.attempt), text_of(pause));
}

DbStatus WorkQueue::bury(const WorkItem& item, std::string_view error) {
  ResultSet answer;
  return run_one(database_, answer, sql_.bury, std::to_string(item.id),
                 std::to_string(item.attempt), stored_text(error, kErrorBytesMax));
}

}  // namespace calixo::host
