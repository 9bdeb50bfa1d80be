// A wallet and an avatar that write down what they are told, each movement and feeding once, as the
// real ones would take it. What completions don't use is not there.
#include <calixo/abi/avatar.h>
#include <calixo/abi/wallet.h>

#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

namespace {

using calixo::Database;
using calixo::detail::view;

class Economy {
 public:
  explicit Economy(calixo::Plugin& plugin) : host_(&plugin.host()) {
    wallet_.struct_size = sizeof wallet_;
    wallet_.user = this;
    wallet_.credit = &credit;
    wallet_.take_back = &take_back;
    avatar_.struct_size = sizeof avatar_;
    avatar_.user = this;
    avatar_.feed = &feed;
    plugin.offer(CALIXO_WALLET_ID, &wallet_);
    plugin.offer(CALIXO_AVATAR_ID, &avatar_);
  }

 private:
  template <class Body>
  static calixo_status serve(void* user, calixo_tx* tx, Body&& body) {
    return calixo::detail::serve(*static_cast<Economy*>(user)->host_, tx, "probe", body);
  }

  static calixo_status credit(void* user, calixo_tx* tx, const calixo_movement* moved) {
    return serve(user, tx, [&](Database& db) {
      db.execute(
          "insert into probe_movements (user_id, reason, source, amount) values ($1, $2, $3, $4) "
          "on conflict do nothing",
          view(moved->user_id), view(moved->reason), view(moved->source), moved->amount);
      return CALIXO_OK;
    });
  }

  static calixo_status take_back(void* user, calixo_tx* tx, const calixo_movement* moved,
                                 std::int64_t* taken) {
    return serve(user, tx, [&](Database& db) {
      const calixo::Rows rows = db.query(
          "update probe_movements set taken_back = amount "
          "where user_id = $1 and reason = $2 and source = $3 returning taken_back",
          view(moved->user_id), view(moved->reason), view(moved->source));
      if (rows.empty()) return CALIXO_NOT_FOUND;
      *taken = rows[0].get<std::int64_t>("taken_back");
      return CALIXO_OK;
    });
  }

  static calixo_status feed(void* user, calixo_tx* tx, const calixo_feeding* fed) {
    return serve(user, tx, [&](Database& db) {
      db.execute(
          "insert into probe_feedings (user_id, source, energy, experience, streak_days) "
          "values ($1, $2, $3, $4, $5) on conflict do nothing",
          view(fed->user_id), view(fed->source), fed->energy, fed->experience, fed->streak_days);
      return CALIXO_OK;
    });
  }

  const calixo::detail::Host* host_;
  calixo_wallet_v1 wallet_{};
  calixo_avatar_v1 avatar_{};
};

}  // namespace

CALIXO_PLUGIN("probe_economy", "1.0.0", plugin) {
  plugin.migrations();
  plugin.own<Economy>(plugin);
}
