#include "store_plugin.hpp"

#include <calixo/personal_data.hpp>

#include "catalogue_routes.hpp"
#include "corrections_routes.hpp"
#include "items_routes.hpp"
#include "ledger_command.hpp"
#include "purchases_routes.hpp"

namespace calixo::store {
namespace {

// At erasure the ledger and the purchases keep their rows and forget whose they were: their foreign
// keys set null. A note may tell of the person, so it goes.
void register_personal_data(Plugin& plugin) {
  plugin.personal_data("store")
      .table("transactions",
             "select id, amount, reason, source, is_reversal, item_id, created_at "
             "from transactions where user_id = $1")
      .table("accounts", "select kind, balance, created_at from ledger_accounts where user_id = $1")
      .table("holds",
             "select id, amount, reason, source, item_id, status, created_at, settled_at "
             "from ledger_holds where user_id = $1")
      .table("adjustments",
             "select id, amount, note, created_at from ledger_adjustments where user_id = $1")
      .table(
          "purchases",
          "select id, item_id, price, coupon, discount, is_gift, status, created_at, refunded_at "
          "from purchases where user_id = $1")
      .table("gifts_received",
             "select id, item_id, status, created_at, refunded_at "
             "from purchases where recipient_id = $1 and is_gift")
      // Locked before the account's row, as a movement does: else each could wait for the other.
      .erase("select from ledger_lock($1, 'spendable', false)")
      .erase("update ledger_adjustments set note = '' where user_id = $1");
}

}  // namespace

StorePlugin::StorePlugin(Plugin& plugin)
    : settings_(plugin),
      avatar_(plugin),
      coupons_(plugin),
      wallet_(plugin),
      purchases_(plugin, settings_, avatar_, coupons_),
      items_(settings_, avatar_),
      adjustments_(settings_) {
  register_catalogue_routes(plugin, avatar_);
  register_purchase_routes(plugin, purchases_);
  register_item_routes(plugin, items_);
  register_correction_routes(plugin, purchases_, adjustments_);
  register_ledger_command(plugin);
  register_personal_data(plugin);
}

}  // namespace calixo::store
