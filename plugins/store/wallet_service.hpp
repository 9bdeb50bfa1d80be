// calixo.wallet/1: the ledger for other plugins, in their transactions. What each call promises,
// abi/wallet.h says.
#pragma once

#include <calixo/abi/wallet.h>

#include <calixo/deferred_rows.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>

namespace calixo::store {

class WalletService {
 public:
  // Offers it. [startup]
  explicit WalletService(Plugin& plugin);
  WalletService(const WalletService&) = delete;
  WalletService& operator=(const WalletService&) = delete;

 private:
  static calixo_status credit(void* user, calixo_tx* tx, const calixo_movement* movement);
  static calixo_status debit(void* user, calixo_tx* tx, const calixo_movement* movement,
                             std::int64_t* balance);
  static calixo_status hold(void* user, calixo_tx* tx, const calixo_movement* movement,
                            std::int64_t* hold_id);
  static calixo_status capture(void* user, calixo_tx* tx, std::int64_t hold_id);
  static calixo_status release(void* user, calixo_tx* tx, std::int64_t hold_id);
  static calixo_status take_back(void* user, calixo_tx* tx, const calixo_movement* movement,
                                 std::int64_t* taken);
  static calixo_status balance(void* user, calixo_tx* tx, calixo_str user_id,
                               std::int64_t* balance);
  calixo_status settle(calixo_tx* tx, std::int64_t hold_id, bool captures) const;

  const detail::Host& host_;
  DeferredRows rows_;
  calixo_wallet_v1 table_{};
};

}  // namespace calixo::store
