// calixo.db/1 over the Database: every statement as the plugin's role, with the caller's claims.
#include <calixo/abi/db.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "http/exchange.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/exchange_handle.hpp"
#include "plugin/plugin_instance.hpp"
#include "plugin/result_handle.hpp"
#include "plugin/statement_list.hpp"
#include "plugin/tx_handle.hpp"

namespace calixo::host {
namespace {

// Whether a run's arguments can be looked at; else nothing is touched.
bool is_sound(std::uint32_t as, const calixo_statement* statements, std::size_t count,
              calixo_result** results) {
  return as <= CALIXO_DB_AS_SERVICE && statements != nullptr && results != nullptr && count > 0 &&
         count <= kStatementsMax;
}

// One result a statement after ok and sql_error; none otherwise.
void hand_over(DbStatus status, std::vector<ResultSet>& sets, std::size_t count,
               calixo_result** results) {
  if (status != DbStatus::ok && status != DbStatus::sql_error) return;
  sets.resize(count);
  for (std::size_t i = 0; i < count; ++i) results[i] = new calixo_result{std::move(sets[i])};
}

calixo_status run(const calixo_host* host, calixo_exchange* exchange, std::uint32_t as,
                  const calixo_statement* statements, size_t count, calixo_result** results) {
  if (host == nullptr || !is_sound(as, statements, count, results)) return CALIXO_INVALID;
  std::fill_n(results, count, nullptr);
  PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->database == nullptr) return CALIXO_UNAVAILABLE;
  StatementList list;
  if (const calixo_status status = list.assign(statements, count); status != CALIXO_OK) {
    return status;
  }
  const StatementContext context = as_plugin(host, as, caller_of(exchange));
  std::vector<ResultSet> sets;
  const DbStatus status = plugin.context->database->run(context, list.list(), sets);
  hand_over(status, sets, count, results);
  return to_status(status);
}

calixo_status begin(const calixo_host* host, calixo_exchange* exchange, std::uint32_t options,
                    calixo_tx** tx) {
  if (host == nullptr || tx == nullptr) return CALIXO_INVALID;
  *tx = nullptr;
  PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->database == nullptr) return CALIXO_UNAVAILABLE;
  const std::uint32_t isolation = options & ~std::uint32_t{CALIXO_TX_READ_ONLY};
  if (isolation > CALIXO_TX_SERIALIZABLE) return CALIXO_INVALID;
  auto opened = std::make_unique<calixo_tx>();
  opened->owner = host;
  opened->outbox = plugin.context->outbox;
  opened->caller_claims = caller_of(exchange).claims_json;
  opened->caller_id = caller_of(exchange).user_id;
  const DbStatus status = plugin.context->database->begin(
      {static_cast<Isolation>(isolation), (options & CALIXO_TX_READ_ONLY) != 0},
      opened->transaction);
  if (status == DbStatus::ok) *tx = opened.release();
  return to_status(status);
}

calixo_status run_in(const calixo_host* host, calixo_tx* tx, std::uint32_t as,
                     const calixo_statement* statements, size_t count, calixo_result** results) {
  if (host == nullptr || !is_sound(as, statements, count, results)) return CALIXO_INVALID;
  std::fill_n(results, count, nullptr);
  if (tx == nullptr) return CALIXO_INVALID;
  StatementList list;
  if (const calixo_status status = list.assign(statements, count); status != CALIXO_OK) {
    return status;
  }
  const StatementContext context = as_plugin(host, as, {{}, tx->caller_claims, tx->caller_id});
  std::vector<ResultSet> sets;
  const DbStatus status = tx->transaction->run(context, list.list(), sets);
  hand_over(status, sets, count, results);
  return to_status(status);
}

// Whether host's plugin began tx; else the attempt to end it is noted.
bool may_end(const calixo_host* host, calixo_tx& tx) {
  if (host != nullptr && tx.owner == host) return true;
  tx.was_ended = true;
  return false;
}

calixo_status commit(const calixo_host* host, calixo_tx* tx, calixo_result** failure) {
  if (tx == nullptr || failure == nullptr) return CALIXO_INVALID;
  *failure = nullptr;
  if (!may_end(host, *tx)) return CALIXO_DENIED;
  const std::unique_ptr<calixo_tx> ended(tx);
  ResultSet refused;
  const DbStatus status = ended->transaction->commit(refused);
  if (status == DbStatus::sql_error) *failure = new calixo_result{std::move(refused)};
  if (status == DbStatus::ok) announce(*ended);
  return to_status(status);
}

void rollback(const calixo_host* host, calixo_tx* tx) {
  if (tx == nullptr || !may_end(host, *tx)) return;
  const std::unique_ptr<calixo_tx> ended(tx);
  ended->transaction->rollback();
}

size_t row_count(const calixo_result* result) {
  return result == nullptr ? 0 : result->set.row_count();
}
size_t column_count(const calixo_result* result) {
  return result == nullptr ? 0 : result->set.column_count();
}
calixo_str column_name(const calixo_result* result, size_t column) {
  if (column >= column_count(result)) return {nullptr, 0};
  return to_abi(result->set.column_name(column));
}
calixo_str value(const calixo_result* result, size_t row, size_t column) {
  if (row >= row_count(result) || column >= column_count(result)) return {nullptr, 0};
  const auto found = result->set.value(row, column);
  if (!found) return {nullptr, 0};
  return {found->data() != nullptr ? found->data() : "", found->size()};
}
std::int64_t affected_rows(const calixo_result* result) {
  return result == nullptr ? 0 : result->set.affected_rows();
}
void error(const calixo_result* result, calixo_sql_error* told) {
  if (told == nullptr || told->struct_size < sizeof(calixo_sql_error)) return;
  const std::uint32_t struct_size = told->struct_size;
  *told = {};
  told->struct_size = struct_size;
  if (result == nullptr || !result->set.failed()) return;
  told->sqlstate = to_abi(result->set.sqlstate());
  told->message = to_abi(result->set.error_message());
  told->constraint = to_abi(result->set.constraint());
  told->detail = to_abi(result->set.detail());
}
void release(calixo_result* result) { delete result; }

}  // namespace

const void* db_interface() {
  static constexpr calixo_db_v1 kTable{&run,      &begin,         &run_in,       &commit,
                                       &rollback, &row_count,     &column_count, &column_name,
                                       &value,    &affected_rows, &error,        &release};
  return &kTable;
}

}  // namespace calixo::host
