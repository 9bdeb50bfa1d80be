// Proves the ledger over all of its rows: SQL and nothing else. Every call suspends its fiber and
// runs as the service, in a transaction that sees one moment.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace calixo::store {

struct LedgerFault {
  std::string check;   // "transfers"
  std::string what;    // "transfer 17"
  std::string detail;  // "sums to 5"
};
BOOST_DESCRIBE_STRUCT(LedgerFault, (), (check, what, detail))

// The first faults of each check.
struct LedgerFindings {
  bool is_balanced = true;
  std::int64_t postings = 0;
  std::int64_t accounts = 0;  // people's
  std::int64_t held = 0;      // what people own in all, spendable and set aside
  std::int64_t purchases = 0;
  std::vector<LedgerFault> faults;
};
BOOST_DESCRIBE_STRUCT(LedgerFindings, (),
                      (is_balanced, postings, accounts, held, purchases, faults))

LedgerFindings check_ledger(Database& db);

}  // namespace calixo::store
