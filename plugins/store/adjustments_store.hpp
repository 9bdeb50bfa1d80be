// Adjustments by administrators: SQL and nothing else. Runs as the service, in a transaction.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger_store.hpp"

namespace calixo::store {

struct Adjustment {
  std::int64_t id = 0;
  Uuid user_id;
  std::int64_t amount = 0;
  std::string note;
  std::int64_t balance = 0;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Adjustment, (), (id, user_id, amount, note, balance, created_at))
CALIXO_RULES(Adjustment) {
  rules.at<&Adjustment::balance>().describe("What the person may spend now");
}

struct AdjustmentMade {
  std::int64_t id = 0;
  Outcome outcome = Outcome::moved;
  std::optional<std::int64_t> balance;
  std::optional<Timestamp> created_at;
};
BOOST_DESCRIBE_STRUCT(AdjustmentMade, (), (id, outcome, balance, created_at))

// Pays (above 0) or takes (below) and notes why and by whom; nothing is noted unless it moved.
AdjustmentMade adjust(Transaction& tx, std::string_view user_id, std::int64_t amount,
                      std::string_view note, const std::optional<std::string_view>& made_by);

}  // namespace calixo::store
