// What scenario tests put in place of the ledger and the avatars: pays and feeds are written down
// in the caller's transaction, all else is refused.
#include <calixo/abi/avatar.h>
#include <calixo/abi/wallet.h>
#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <string_view>

namespace {

using calixo::Database;
using calixo::Plugin;

void write_line(Database& db, calixo_str user_id, std::string_view kind, std::int64_t amount,
                calixo_str source) {
  db.execute("insert into purse_lines (user_id, kind, amount, source) values ($1, $2, $3, $4)",
             calixo::detail::view(user_id), kind, amount, calixo::detail::view(source));
}

calixo_status credit(void* user, calixo_tx* tx, const calixo_movement* movement) {
  const auto& plugin = *static_cast<const Plugin*>(user);
  return calixo::detail::serve(plugin.host(), tx, "credit", [&](Database& db) {
    if (movement->amount < 1) return CALIXO_INVALID;
    write_line(db, movement->user_id, "coins", movement->amount, movement->source);
    return CALIXO_OK;
  });
}

calixo_status feed(void* user, calixo_tx* tx, const calixo_feeding* feeding) {
  const auto& plugin = *static_cast<const Plugin*>(user);
  return calixo::detail::serve(plugin.host(), tx, "feed", [&](Database& db) {
    write_line(db, feeding->user_id, "energy", feeding->energy, feeding->source);
    write_line(db, feeding->user_id, "experience", feeding->experience, feeding->source);
    return CALIXO_OK;
  });
}

calixo_wallet_v1& wallet() {
  static calixo_wallet_v1 table{};
  table.struct_size = sizeof table;
  table.credit = &credit;
  return table;
}

calixo_avatar_v1& avatar() {
  static calixo_avatar_v1 table{};
  table.struct_size = sizeof table;
  table.feed = &feed;
  return table;
}

}  // namespace

CALIXO_PLUGIN("purse", "1.0.0", plugin) {
  plugin.migrations();
  wallet().user = &plugin;
  avatar().user = &plugin;
  plugin.offer(CALIXO_WALLET_ID, &wallet());
  plugin.offer(CALIXO_AVATAR_ID, &avatar());
}
