// People's in-app currency, for plugins that pay or take some.
//
//   Wallet wallet_(plugin);                                        // in describe
//   wallet_.credit(tx, {.user_id = id, .amount = 20, .reason = "challenge", .source =
//   "attempt:1"});
//
// Movements take effect with the transaction; one that is given twice moves once.
#pragma once

#include <calixo/abi/wallet.h>
#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <string_view>

namespace calixo {

// What is paid or taken: see calixo_movement.
struct Movement {
  std::string_view user_id;  // UUID text
  std::int64_t amount = 0;   // 1 to 1,000,000,000
  std::string_view reason;   // what kind: "challenge"
  std::string_view source;   // what for: "attempt:17"
  std::int64_t item_id = 0;  // of the store, or 0
};

// The ledger's service. A small value: copy it. Problem 409 insufficient_funds where there is less
// than what is taken; every other refusal is a HostFailure.
class Wallet {
 public:
  // An optional one may be away: the plugin that keeps the ledger is switched off. [startup]
  explicit Wallet(Plugin& plugin, Need need = Need::optional)
      : table_(plugin.need<calixo_wallet_v1>(CALIXO_WALLET_ID, need)) {}

  // Whether there is a ledger. From start on. [any-thread]
  explicit operator bool() const { return static_cast<bool>(table_); }

  // Pays; needs no round trip. [fiber, suspends]
  void credit(const Transaction& tx, const Movement& movement) const {
    call("pay", movement, [&](const calixo_movement& moved) {
      return table_->credit(table_->user, tx.handle(), &moved);
    });
  }
  // Takes; what is left. [fiber, suspends]
  std::int64_t debit(const Transaction& tx, const Movement& movement) const {
    std::int64_t balance = 0;
    call("take", movement, [&](const calixo_movement& moved) {
      return table_->debit(table_->user, tx.handle(), &moved, &balance);
    });
    return balance;
  }
  // Sets aside what may be taken later; the hold's id. [fiber, suspends]
  std::int64_t hold(const Transaction& tx, const Movement& movement) const {
    std::int64_t hold_id = 0;
    call("set aside", movement, [&](const calixo_movement& moved) {
      return table_->hold(table_->user, tx.handle(), &moved, &hold_id);
    });
    return hold_id;
  }
  // Takes what was set aside. [fiber, suspends]
  void capture(const Transaction& tx, std::int64_t hold_id) const {
    settle("take what was set aside",
           [&] { return table_->capture(table_->user, tx.handle(), hold_id); });
  }
  // Gives back what was set aside. [fiber, suspends]
  void release(const Transaction& tx, std::int64_t hold_id) const {
    settle("give back what was set aside",
           [&] { return table_->release(table_->user, tx.handle(), hold_id); });
  }
  // Takes back what was paid, or as much of it as there still is; how much. [fiber, suspends]
  std::int64_t take_back(const Transaction& tx, const Movement& movement) const {
    std::int64_t taken = 0;
    call("take back", movement, [&](const calixo_movement& moved) {
      return table_->take_back(table_->user, tx.handle(), &moved, &taken);
    });
    return taken;
  }
  // What the person may spend. [fiber, suspends]
  std::int64_t balance(const Transaction& tx, std::string_view user_id) const {
    std::int64_t balance = 0;
    settle("read a balance", [&] {
      return table_->balance(table_->user, tx.handle(), detail::to_abi(user_id), &balance);
    });
    return balance;
  }

 private:
  template <class Call>
  void call(const char* what, const Movement& movement, Call&& call) const {
    calixo_movement moved{};
    moved.struct_size = sizeof moved;
    moved.user_id = detail::to_abi(movement.user_id);
    moved.amount = movement.amount;
    moved.reason = detail::to_abi(movement.reason);
    moved.source = detail::to_abi(movement.source);
    moved.item_id = movement.item_id;
    const calixo_status status = detail::suspending([&] { return call(moved); });
    if (status == CALIXO_CONFLICT) throw Problem(409, "insufficient_funds");
    detail::throw_unless_served(status, what);
  }
  template <class Call>
  void settle(const char* what, Call&& call) const {
    detail::throw_unless_served(detail::suspending([&] { return call(); }), what);
  }

  Needed<calixo_wallet_v1> table_;
};

}  // namespace calixo
