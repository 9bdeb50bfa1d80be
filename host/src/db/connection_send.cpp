// The sending half of DatabaseConnection: one run becomes context, statements and a Sync, in one
// flush.
#include <libpq-fe.h>

#include <array>
#include <cstring>

#include "db/connection.hpp"
#include "db/statement_guard.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kClosingBatch = 16;
constexpr std::size_t kParametersMax = 65535;  // the protocol counts them in 16 bits
constexpr int kText = 0;
constexpr int kBinary = 1;

bool has_nul(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

// Why a statement can't be sent as it stands: a statement that fails with the reason; or empty.
std::string replacement_of(const Statement& statement) {
  if (has_nul(statement.sql)) return raising_statement("22021", "a NUL byte in a statement");
  if (statement.parameters.size() > kParametersMax) {
    return raising_statement("54023", "a statement with more than 65535 parameters");
  }
  if (const std::string word = refused_command(statement.sql); !word.empty()) {
    return raising_statement("0A000", refusal_message(word));
  }
  return {};
}

}  // namespace

void DatabaseConnection::submit(Run& run) {
  auto segment = take_segment();
  segment->run = &run;
  run.segment = segment.get();
  const bool is_sent = send_housekeeping() && send_run(run, *segment);
  // In the list even where sending failed: so the loss answers it like the others.
  push(std::move(segment));
  if (!is_sent || PQpipelineSync(connection_) != 1) return lose(last_error());
  flush();
}

void DatabaseConnection::submit_bare(Run& run, const char* sql) {
  auto segment = take_segment();
  segment->run = &run;
  run.segment = segment.get();
  segment->steps.push_back({Segment::Kind::statement, 0});
  const bool is_sent =
      PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, kText) == 1;
  push(std::move(segment));
  if (!is_sent || PQpipelineSync(connection_) != 1) return lose(last_error());
  flush();
}

void DatabaseConnection::submit_command(const char* sql) {
  auto segment = take_segment();
  segment->steps.push_back({Segment::Kind::housekeeping, 0});
  const bool is_sent =
      PQsendQueryParams(connection_, sql, 0, nullptr, nullptr, nullptr, nullptr, kText) == 1;
  push(std::move(segment));
  if (!is_sent || PQpipelineSync(connection_) != 1) return lose(last_error());
  flush();
}

bool DatabaseConnection::send_run(Run& run, Segment& segment) {
  if (!run.begin.empty()) {
    segment.steps.push_back({Segment::Kind::begin, 0});
    if (PQsendQueryParams(connection_, run.begin.data(), 0, nullptr, nullptr, nullptr, nullptr,
                          kText) != 1) {
      return false;
    }
  }
  // A transaction that failed takes nothing, the context neither, before the rollback to a
  // savepoint.
  const std::uint32_t before_context =
      !run.statements.empty() && is_rollback_to(run.statements[0].sql) ? 1 : 0;
  for (std::uint32_t i = 0; i < run.statements.size(); ++i) {
    if (i == before_context &&
        !(send_homecoming(run, segment) && send_context(run.context, segment)))
      return false;
    if (!send_statement(run, i, segment)) return false;
  }
  counters_.statements.add(static_cast<std::int64_t>(run.statements.size()));
  return true;
}

// The context takes set_config, which is the login's alone; inside a transaction the role of its
// last run still stands.
bool DatabaseConnection::send_homecoming(const Run& run, Segment& segment) {
  if (!run.is_continued) return true;
  segment.steps.push_back({Segment::Kind::context, 0});
  return PQsendQueryPrepared(connection_, "homecoming", 0, nullptr, nullptr, nullptr, kText) == 1;
}

// text's binary form is its bytes: so the views travel without a copy that ends in NUL.
bool DatabaseConnection::send_context(const StatementContext& context, Segment& segment) {
  segment.steps.push_back({Segment::Kind::context, 0});
  const std::string_view role = context.role.empty() ? std::string_view("none") : context.role;
  const std::array settings{role, context.claims_json, context.user_id, context.claims_role};
  std::array<const char*, settings.size()> values{};
  std::array<int, settings.size()> lengths{}, formats{};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    values[i] = settings[i].empty() ? "" : settings[i].data();
    lengths[i] = static_cast<int>(settings[i].size());
    formats[i] = kBinary;
  }
  return PQsendQueryPrepared(connection_, "context", static_cast<int>(settings.size()),
                             values.data(), lengths.data(), formats.data(), kText) == 1;
}

bool DatabaseConnection::send_statement(const Run& run, std::uint32_t index, Segment& segment) {
  const Statement& statement = run.statements[index];
  if (!bind_parameters(statement)) {
    const Statement refusal{"select", {}};
    bind_parameters(refusal);
    return send_parsed(run.context.role, raising_statement("22021", "a NUL byte in a parameter"),
                       index, segment);
  }
  const int count = static_cast<int>(parameter_values_.size());
  const StatementCache::Entry* entry = cache_.find(run.context.role, statement.sql);
  if (entry == nullptr) {
    const std::string replacement = replacement_of(statement);
    if (!replacement.empty()) {
      parameter_values_.clear();
      return send_parsed(run.context.role, replacement, index, segment);
    }
    entry = cache_.insert(run.context.role, statement.sql);
    if (entry == nullptr) {
      return send_parsed(run.context.role, std::string(statement.sql), index, segment);
    }
    segment.steps.push_back({Segment::Kind::parse, index, entry->id});
    if (PQsendPrepare(connection_, entry->name.c_str(), entry->sql.c_str(), 0, nullptr) != 1) {
      return false;
    }
  } else if (!entry->is_ready) {
    // Its Parse belongs to another run, whose failure must not be this one's.
    return send_parsed(run.context.role, entry->sql, index, segment);
  }
  segment.steps.push_back({Segment::Kind::statement, index, entry->id});
  return PQsendQueryPrepared(connection_, entry->name.c_str(), count, parameter_values_.data(),
                             nullptr, nullptr, kText) == 1;
}

bool DatabaseConnection::send_parsed(std::string_view, std::string_view sql, std::uint32_t index,
                                     Segment& segment) {
  segment.steps.push_back({Segment::Kind::statement, index});
  return PQsendQueryParams(connection_, sql.data(), static_cast<int>(parameter_values_.size()),
                           nullptr, parameter_values_.data(), nullptr, nullptr, kText) == 1;
}

// libpq wants text that ends in NUL. False where a value has one inside: it would be cut short.
bool DatabaseConnection::bind_parameters(const Statement& statement) {
  parameter_text_.clear();
  parameter_offsets_.clear();
  parameter_values_.clear();
  for (const std::optional<std::string_view>& parameter : statement.parameters) {
    parameter_offsets_.push_back(parameter_text_.size());
    if (!parameter) continue;
    if (has_nul(*parameter)) return false;
    parameter_text_.append(*parameter);
    parameter_text_.push_back('\0');
  }
  for (std::size_t i = 0; i < parameter_offsets_.size(); ++i) {
    parameter_values_.push_back(
        statement.parameters[i] ? parameter_text_.data() + parameter_offsets_[i] : nullptr);
  }
  return true;
}

// In a segment of its own: should one fail, nobody's run fails with it.
bool DatabaseConnection::send_housekeeping() {
  if (cache_.closing_count() < kClosingBatch) return true;
  auto segment = take_segment();
  bool is_sent = true;
  for (const std::string& name : cache_.take_closing()) {
    segment->steps.push_back({Segment::Kind::housekeeping, 0});
    is_sent = is_sent && PQsendQueryParams(connection_, ("deallocate " + name).c_str(), 0, nullptr,
                                           nullptr, nullptr, nullptr, kText) == 1;
  }
  push(std::move(segment));
  return is_sent && PQpipelineSync(connection_) == 1;
}

}  // namespace calixo::host
