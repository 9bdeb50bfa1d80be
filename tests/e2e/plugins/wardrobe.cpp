// A plugin that plays the avatars' one for scenarios of the store: a catalogue of two hats, and who
// has which. What the store doesn't call is not there.
#include <calixo/abi/avatar.h>

#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

namespace {

using calixo::Database;
using calixo::detail::view;

constexpr std::string_view kTable = R"(
create table probe_wardrobe (
  user_id uuid not null references users (id) on delete cascade,
  category text not null,
  item_id text not null,
  primary key (user_id, category, item_id)
);
alter table probe_wardrobe enable row level security;
alter table probe_wardrobe force row level security;
create policy "the service dresses people" on probe_wardrobe
  using ((select auth.role()) = 'service_role')
  with check ((select auth.role()) = 'service_role');
grant select, insert, delete on probe_wardrobe to calixo_probe_wardrobe;
)";

bool is_known(const calixo_cosmetic* cosmetic) {
  const std::string_view item = view(cosmetic->item_id);
  return view(cosmetic->category) == "hat" && (item == "beret" || item == "straw_hat");
}

class Wardrobe {
 public:
  explicit Wardrobe(calixo::Plugin& plugin) : host_(&plugin.host()) {
    table_.struct_size = sizeof table_;
    table_.user = this;
    table_.unlock = &unlock;
    table_.take_away = &take_away;
    table_.find = &find;
    plugin.offer(CALIXO_AVATAR_ID, &table_);
  }

 private:
  template <class Body>
  static calixo_status serve(void* user, calixo_tx* tx, Body&& body) {
    return calixo::detail::serve(*static_cast<Wardrobe*>(user)->host_, tx, "probe", body);
  }

  static calixo_status unlock(void* user, calixo_tx* tx, calixo_str user_id,
                              const calixo_cosmetic* cosmetic) {
    if (!is_known(cosmetic)) return CALIXO_NOT_FOUND;
    return serve(user, tx, [&](Database& db) -> calixo_status {
      const std::int64_t added =
          db.execute("insert into probe_wardrobe values ($1, $2, $3) on conflict do nothing",
                     view(user_id), view(cosmetic->category), view(cosmetic->item_id));
      return added == 1 ? CALIXO_OK : CALIXO_CONFLICT;
    });
  }

  static calixo_status take_away(void* user, calixo_tx* tx, calixo_str user_id,
                                 const calixo_cosmetic* cosmetic) {
    return serve(user, tx, [&](Database& db) -> calixo_status {
      const std::int64_t gone = db.execute(
          "delete from probe_wardrobe where user_id = $1 and category = $2 and item_id = $3",
          view(user_id), view(cosmetic->category), view(cosmetic->item_id));
      return gone == 1 ? CALIXO_OK : CALIXO_NOT_FOUND;
    });
  }

  static calixo_status find(void*, calixo_tx*, const calixo_cosmetic* cosmetic) {
    return is_known(cosmetic) ? CALIXO_OK : CALIXO_NOT_FOUND;
  }

  const calixo::detail::Host* host_;
  calixo_avatar_v1 table_{};
};

}  // namespace

CALIXO_PLUGIN("probe_wardrobe", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migration(1, "0001_create_wardrobe.sql", kTable);
  plugin.own<Wardrobe>(plugin);
}
