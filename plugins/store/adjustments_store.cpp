#include "adjustments_store.hpp"

namespace calixo::store {
namespace {

constexpr std::string_view kAdjust = R"(
  with next as materialized (select nextval('ledger_adjustments_id_seq') as id),
  moved as materialized (
    select next.id, m.outcome, m.balance, m.transfer
    from next, ledger_move($1, $2, 3, 'adjustment', 'adjustment:' || next.id, null, false) m),
  noted as (
    insert into ledger_adjustments (id, user_id, amount, note, made_by, transfer_id)
    select id, $1, $2, $3, $4, transfer from moved where outcome = 'moved'
    returning created_at)
  select moved.id, moved.outcome, moved.balance, noted.created_at
  from moved left join noted on true)";

}  // namespace

AdjustmentMade adjust(Transaction& tx, std::string_view user_id, std::int64_t amount,
                      std::string_view note, const std::optional<std::string_view>& made_by) {
  return tx.query(kAdjust, user_id, amount, note, made_by)[0].as<AdjustmentMade>();
}

}  // namespace calixo::store
