#include "ledger_check.hpp"

#include <array>
#include <string_view>

namespace calixo::store {
namespace {

constexpr std::string_view kTotals = R"(
  select true as is_balanced, (select count(*) from transactions) as postings,
         (select count(*) from ledger_accounts) as accounts,
         (select coalesce(sum(balance), 0) from ledger_accounts) as held,
         (select count(*) from purchases) as purchases, '[]'::json as faults)";

constexpr std::string_view kTransfers = R"(
  select 'transfers' as check, 'transfer ' || transfer_id as what,
         'its postings sum to ' || sum(amount) as detail
  from transactions group by transfer_id having sum(amount) <> 0 order by transfer_id limit 20)";

constexpr std::string_view kBalances = R"(
  select 'balances' as check, 'account ' || coalesce(a.id, s.account_id) as what,
         case when a.id is null then 'has postings and is not there'
              else 'has ' || a.balance || ', its postings sum to ' || coalesce(s.amount, 0)
         end as detail
  from ledger_accounts a full join (
    select account_id, sum(amount) as amount from transactions
    where account_id >= 1000 group by account_id) s on s.account_id = a.id
  where a.id is null or a.balance <> coalesce(s.amount, 0)
  order by coalesce(a.id, s.account_id) limit 20)";

constexpr std::string_view kBelowZero = R"(
  select 'below zero' as check, 'account ' || id as what, 'has ' || balance as detail
  from ledger_accounts where balance < 0 order by id limit 20)";

constexpr std::string_view kOwners = R"(
  select 'owners' as check, 'posting ' || t.id as what,
         'is not of the person of account ' || a.id as detail
  from transactions t join ledger_accounts a on a.id = t.account_id
  where case a.kind when 'spendable' then t.user_id is distinct from a.user_id
                    else t.user_id is not null end
  order by t.id limit 20)";

constexpr std::string_view kHolds = R"(
  select 'holds' as check, 'account ' || a.id as what,
         'has ' || a.balance || ' set aside, its open holds sum to ' || coalesce(h.amount, 0)
           as detail
  from ledger_accounts a left join (
    select held_id, sum(amount) as amount from ledger_holds
    where status = 'open' group by held_id) h on h.held_id = a.id
  where a.kind = 'held' and a.balance <> coalesce(h.amount, 0) order by a.id limit 20)";

constexpr std::string_view kPurchases = R"(
  select 'purchases' as check, 'purchase ' || p.id as what, 'was not paid' as detail
  from purchases p left join transactions t on t.transfer_id = p.transfer_id
    and t.account_id >= 1000 and t.amount = -p.price and t.item_id = p.item_id
  where p.price > 0 and t.id is null order by p.id limit 20)";

constexpr std::string_view kRefunds = R"(
  select 'refunds' as check, 'purchase ' || p.id as what,
         case when p.status = 'paid' then 'was paid back and still counts as paid'
              else 'counts as refunded and was not paid back' end as detail
  from purchases p left join transactions t on t.source = 'purchase:' || p.id
    and t.reason = 'purchase' and t.is_reversal and t.amount = p.price
  where p.price > 0 and (p.status = 'refunded') <> (t.id is not null) order by p.id limit 20)";

constexpr std::array kChecks{kTransfers, kBalances,  kBelowZero, kOwners,
                             kHolds,     kPurchases, kRefunds};

}  // namespace

LedgerFindings check_ledger(Database& db) {
  LedgerFindings findings = db.query(kTotals)[0].as<LedgerFindings>();
  for (const std::string_view sql : kChecks) {
    for (LedgerFault& fault : db.query(sql).as<LedgerFault>()) {
      findings.faults.push_back(std::move(fault));
    }
  }
  findings.is_balanced = findings.faults.empty();
  return findings;
}

}  // namespace calixo::store
