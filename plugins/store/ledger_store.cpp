#include "ledger_store.hpp"

namespace calixo::store {
namespace {

constexpr std::string_view kMove =
    "select outcome, balance from ledger_move($1, $2, $3, $4, $5, $6, $7)";

constexpr std::string_view kPay =
    "select ledger_pay($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::integer[])";

constexpr std::string_view kTransactions = R"(
  select t.id, t.amount, t.reason, t.source, t.is_reversal, t.created_at,
         case when i.id is not null then json_build_object('id', i.id, 'slug', i.slug,
           'name', case $1 when 'en' then i.name_en else i.name end) end as item
  from transactions t left join store_items i on i.id = t.item_id
  where t.user_id = $2 and ($3::bigint is null or t.id < $3)
  order by t.id desc limit $4)";

}  // namespace

Moved move(Database& db, const Posting& posting) {
  return db
      .query(kMove, posting.user_id, posting.change, static_cast<std::int64_t>(posting.house),
             posting.reason, posting.source, posting.item_id, posting.reverses)[0]
      .as<Moved>();
}

void pay_later(const DeferredRows& rows, calixo_tx* tx, const Posting& posting) {
  rows.add(tx, kPay, posting.user_id, posting.change, posting.reason, posting.source,
           posting.item_id);
}

TakenBack take_back(Database& db, std::string_view user_id, std::string_view reason,
                    std::string_view source) {
  return db
      .query("select paid, taken from ledger_take_back($1, $2, $3)", user_id, reason, source)[0]
      .as<TakenBack>();
}

Held hold(Database& db, const Posting& posting) {
  return db
      .query("select hold, outcome from ledger_hold($1, $2, $3, $4, $5)", posting.user_id,
             -posting.change, posting.reason, posting.source, posting.item_id)[0]
      .as<Held>();
}

std::optional<std::string> settle(Database& db, std::int64_t hold_id, bool captures) {
  return db.query("select ledger_settle($1, $2) as was", hold_id, captures)[0]
      .get<std::optional<std::string>>("was");
}

std::optional<std::int64_t> balance_of(Database& db, std::string_view user_id) {
  const Rows rows = db.query(
      "select balance from ledger_accounts where user_id = $1 and kind = 'spendable'", user_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::int64_t>("balance");
}

bool is_person(Database& db, std::string_view user_id) {
  return db.query("select profile_is_visible($1) as is_there", user_id)[0].get<bool>("is_there");
}

std::vector<StoreTransaction> list_transactions(Database& db, std::string_view language,
                                                std::string_view user_id, const Slice& slice) {
  return db.query(kTransactions, language, user_id, slice.after_id, slice.limit + 1)
      .as<StoreTransaction>();
}

}  // namespace calixo::store
