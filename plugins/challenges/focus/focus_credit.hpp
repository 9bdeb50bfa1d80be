// What a session that is over counts for: its person's dates, what it earns, and who pays that.
// Works in the transaction that ends the session, as the service. [fiber, suspends]
#pragma once

#include <calixo/avatar.hpp>
#include <calixo/plugin.hpp>
#include <calixo/wallet.hpp>

#include <cstdint>
#include <string_view>

#include "focus/focus_settings.hpp"
#include "focus/sessions_store.hpp"

namespace calixo::challenges {

// A session that is over, as far as it was attended.
struct FocusSpan {
  std::string_view user_id;
  Timestamp started_at;
  Timestamp ended_at;
  std::int64_t attended_s = 0;
  std::int64_t interruptions = 0;
  bool is_offline = false;
  bool is_of_attempt = false;  // which pays for it
};

struct FocusCredit {
  std::int64_t seconds = 0;
  std::int64_t reward = 0;
  std::int64_t energy = 0;
  std::int64_t experience = 0;
};

class FocusCredits {
 public:
  // Wallet and avatar may be away. [startup]
  FocusCredits(Plugin& plugin, const FocusSettings& settings)
      : settings_(settings), wallet_(plugin), avatar_(plugin) {}

  // Writes the credit of each local date, up to its cap; what that comes to.
  FocusCredit count(Transaction& tx, const FocusSpan& span) const;
  // Pays what the session earned, once for one session.
  void pay(Transaction& tx, std::string_view user_id, std::int32_t session_id,
           const FocusCredit& credit) const;

 private:
  std::int64_t count_days(Transaction& tx, const FocusSpan& span) const;

  const FocusSettings& settings_;
  Wallet wallet_;
  Avatar avatar_;
};

}  // namespace calixo::challenges
