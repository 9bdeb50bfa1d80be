// calixo.deferred/1: statements kept with a transaction until its next flush.
#include <calixo/abi/deferred.h>

#include "plugin/plugin_instance.hpp"
#include "plugin/statement_list.hpp"
#include "plugin/tx_handle.hpp"

namespace calixo::host {
namespace {

calixo_status run_later(const calixo_host* host, calixo_tx* tx, std::uint32_t as,
                        const calixo_statement* statements, size_t count) {
  const bool is_sound = host != nullptr && tx != nullptr && statements != nullptr &&
                        as <= CALIXO_DB_AS_SERVICE && count > 0 && count <= kStatementsMax;
  if (!is_sound) return CALIXO_INVALID;
  StatementList list;
  if (const calixo_status status = list.assign(statements, count); status != CALIXO_OK) {
    return status;
  }
  const StatementContext context = as_plugin(host, as, {{}, tx->caller_claims, tx->caller_id});
  return tx->transaction->run_later(context, list.list()) ? CALIXO_OK : CALIXO_LIMIT;
}

}  // namespace

const void* deferred_interface() {
  static constexpr calixo_deferred_v1 kTable{&run_later};
  return &kTable;
}

}  // namespace calixo::host
