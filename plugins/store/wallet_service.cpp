#include "wallet_service.hpp"

#include <calixo/detail/service_call.hpp>

#include <optional>
#include <string>

#include "ledger_store.hpp"
#include "movement_check.hpp"

namespace calixo::store {
namespace {

using detail::view;

Posting posting_of(const calixo_movement& movement, std::int64_t change, House house) {
  return {.user_id = view(movement.user_id),
          .change = change,
          .house = house,
          .reason = view(movement.reason),
          .source = view(movement.source),
          .item_id = movement.item_id == 0 ? std::nullopt : std::optional(movement.item_id)};
}

// Why nothing could be taken.
calixo_status refusal(Database& db, Outcome outcome, calixo_str user_id) {
  if (outcome == Outcome::lacking || is_person(db, view(user_id))) return CALIXO_CONFLICT;
  return CALIXO_NOT_FOUND;
}

}  // namespace

WalletService::WalletService(Plugin& plugin) : host_(plugin.host()), rows_(plugin) {
  table_ = {sizeof table_, this, &credit, &debit, &hold, &capture, &release, &take_back, &balance};
  plugin.offer(CALIXO_WALLET_ID, &table_);
}

calixo_status WalletService::credit(void* user, calixo_tx* tx, const calixo_movement* movement) {
  const auto& self = *static_cast<WalletService*>(user);
  if (tx == nullptr || !is_movement(movement)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "pay", [&](Database&) -> calixo_status {
    pay_later(self.rows_, tx, posting_of(*movement, movement->amount, House::rewards));
    return CALIXO_OK;
  });
}

calixo_status WalletService::debit(void* user, calixo_tx* tx, const calixo_movement* movement,
                                   std::int64_t* balance) {
  const auto& self = *static_cast<WalletService*>(user);
  if (tx == nullptr || balance == nullptr || !is_movement(movement)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "take", [&](Database& db) -> calixo_status {
    const Moved moved = move(db, posting_of(*movement, -movement->amount, House::sales));
    const bool is_done = moved.outcome == Outcome::moved || moved.outcome == Outcome::repeated;
    if (!is_done) return refusal(db, moved.outcome, movement->user_id);
    *balance = moved.balance.value_or(0);
    return CALIXO_OK;
  });
}

calixo_status WalletService::hold(void* user, calixo_tx* tx, const calixo_movement* movement,
                                  std::int64_t* hold_id) {
  const auto& self = *static_cast<WalletService*>(user);
  if (tx == nullptr || hold_id == nullptr || !is_movement(movement)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "set aside", [&](Database& db) -> calixo_status {
    const Held held = store::hold(db, posting_of(*movement, -movement->amount, House::sales));
    if (held.hold) {
      *hold_id = *held.hold;
      return CALIXO_OK;
    }
    if (held.outcome == Outcome::repeated) return CALIXO_INVALID;  // moved, but by no hold
    return refusal(db, held.outcome, movement->user_id);
  });
}

calixo_status WalletService::settle(calixo_tx* tx, std::int64_t hold_id, bool captures) const {
  if (tx == nullptr) return CALIXO_INVALID;
  return detail::serve(
      host_, tx, captures ? "take what was set aside" : "give back",
      [&](Database& db) -> calixo_status {
        const std::optional<std::string> was = store::settle(db, hold_id, captures);
        if (!was) return CALIXO_NOT_FOUND;
        const bool is_done = *was == "open" || *was == (captures ? "captured" : "released");
        return is_done ? CALIXO_OK : CALIXO_CONFLICT;
      });
}

calixo_status WalletService::capture(void* user, calixo_tx* tx, std::int64_t hold_id) {
  return static_cast<WalletService*>(user)->settle(tx, hold_id, true);
}

calixo_status WalletService::release(void* user, calixo_tx* tx, std::int64_t hold_id) {
  return static_cast<WalletService*>(user)->settle(tx, hold_id, false);
}

calixo_status WalletService::take_back(void* user, calixo_tx* tx, const calixo_movement* movement,
                                       std::int64_t* taken) {
  const auto& self = *static_cast<WalletService*>(user);
  if (tx == nullptr || taken == nullptr || !names_movement(movement)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "take back", [&](Database& db) -> calixo_status {
    const TakenBack back = store::take_back(db, view(movement->user_id), view(movement->reason),
                                            view(movement->source));
    if (!back.paid) return CALIXO_NOT_FOUND;
    *taken = back.taken;
    return CALIXO_OK;
  });
}

calixo_status WalletService::balance(void* user, calixo_tx* tx, calixo_str user_id,
                                     std::int64_t* balance) {
  const auto& self = *static_cast<WalletService*>(user);
  if (tx == nullptr || balance == nullptr || !is_user_id(view(user_id))) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "read a balance", [&](Database& db) -> calixo_status {
    const std::optional<std::int64_t> there = balance_of(db, view(user_id));
    if (!there && !is_person(db, view(user_id))) return CALIXO_NOT_FOUND;
    *balance = there.value_or(0);
    return CALIXO_OK;
  });
}

}  // namespace calixo::store
