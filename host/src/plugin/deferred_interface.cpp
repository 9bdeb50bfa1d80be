// calixo.deferred/1 and calixo.deferred_rows/1: statements kept with a transaction until its next
// flush.
#include <calixo/abi/deferred.h>
#include <calixo/abi/deferred_rows.h>

#include "plugin/plugin_instance.hpp"
#include "plugin/statement_list.hpp"
#include "plugin/tx_handle.hpp"

namespace calixo::host {
namespace {

StatementContext context_in(const calixo_host* host, const calixo_tx& tx, std::uint32_t as) {
  return as_plugin(host, as, {{}, tx.caller_claims, tx.caller_id});
}

calixo_status run_later(const calixo_host* host, calixo_tx* tx, std::uint32_t as,
                        const calixo_statement* statements, size_t count) {
  const bool is_sound = host != nullptr && tx != nullptr && statements != nullptr &&
                        as <= CALIXO_DB_AS_SERVICE && count > 0 && count <= kStatementsMax;
  if (!is_sound) return CALIXO_INVALID;
  StatementList list;
  if (const calixo_status status = list.assign(statements, count); status != CALIXO_OK) {
    return status;
  }
  const bool has_room = tx->transaction->run_later(context_in(host, *tx, as), list.list());
  return has_room ? CALIXO_OK : CALIXO_LIMIT;
}

calixo_status run_row_later(const calixo_host* host, calixo_tx* tx, std::uint32_t as,
                            const calixo_statement* row) {
  const bool is_sound = host != nullptr && tx != nullptr && row != nullptr &&
                        as <= CALIXO_DB_AS_SERVICE && row->parameter_count > 0;
  if (!is_sound) return CALIXO_INVALID;
  StatementList list;
  if (const calixo_status status = list.assign(row, 1); status != CALIXO_OK) return status;
  const bool has_room =
      tx->transaction->run_row_later(context_in(host, *tx, as), list.list().front());
  return has_room ? CALIXO_OK : CALIXO_LIMIT;
}

}  // namespace

const void* deferred_interface() {
  static constexpr calixo_deferred_v1 kTable{&run_later};
  return &kTable;
}

const void* deferred_rows_interface() {
  static constexpr calixo_deferred_rows_v1 kTable{&run_row_later};
  return &kTable;
}

}  // namespace calixo::host
