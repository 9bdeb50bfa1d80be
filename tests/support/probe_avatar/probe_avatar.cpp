// What scenarios of avatars need: another plugin's calls of calixo.avatar/1, in transactions that
// commit or don't, and somebody who hears its events.
#include <calixo/avatar.hpp>
#include <calixo/avatar_events.hpp>
#include <calixo/plugin.hpp>

#include <string>
#include <vector>

using calixo::Context;
using calixo::EventContext;
using calixo::Problem;
using calixo::Transaction;

namespace {

struct Meal {
  std::string user_id;
  std::string source;
  std::int32_t energy = 0;
  std::int32_t experience = 0;
  std::int32_t streak_days = 0;
  std::int32_t times = 1;  // in one transaction
  bool roll_back = false;
};
BOOST_DESCRIBE_STRUCT(Meal, (),
                      (user_id, source, energy, experience, streak_days, times, roll_back))

struct Meals {
  std::vector<Meal> meals;
};
BOOST_DESCRIBE_STRUCT(Meals, (), (meals))

struct Named {
  std::string user_id = "nobody";
  std::string category;
  std::string item_id;
};
BOOST_DESCRIBE_STRUCT(Named, (), (user_id, category, item_id))

struct Answer {
  bool is_so = false;
};
BOOST_DESCRIBE_STRUCT(Answer, (), (is_so))

// What the service refuses, as an answer.
template <class Work>
auto told(Work&& work) {
  try {
    return work();
  } catch (const calixo::HostFailure& failure) {
    throw Problem(422, "status_" + std::to_string(failure.status()));
  } catch (const calixo::DbError& error) {
    throw Problem(422, "sqlstate_" + error.sqlstate());
  }
}

class Routes {
 public:
  explicit Routes(calixo::Plugin& plugin) : avatar_(plugin, calixo::Need::required) {}

  void feed(Context& context, const Meal& meal) {
    told([&] {
      context.service_transaction([&](Transaction& tx) {
        for (std::int32_t i = 0; i < meal.times; ++i) feed_in(tx, meal);
        calixo::require(!meal.roll_back, Problem(409, "rolled_back"));
      });
    });
  }
  // All of them in one transaction.
  void feed_each(Context& context, const Meals& meals) {
    told([&] {
      context.service_transaction([&](Transaction& tx) {
        for (const Meal& meal : meals.meals) feed_in(tx, meal);
      });
    });
  }
  // The transaction goes on after a refusal: it commits.
  void unlock(Context& context, const Named& named) {
    told([&] {
      bool is_owned = false;
      context.service_transaction([&](Transaction& tx) {
        try {
          avatar_.unlock(tx, named.user_id, {named.category, named.item_id});
        } catch (const Problem&) {
          is_owned = true;
          tx.query("select 1");
        }
      });
      calixo::require(!is_owned, Problem(409, "already_owned"));
    });
  }
  Answer take_away(Context& context, const Named& named) {
    return told([&] {
      return context.service_transaction([&](Transaction& tx) {
        return Answer{avatar_.take_away(tx, named.user_id, {named.category, named.item_id})};
      });
    });
  }
  Answer has(Context& context, const Named& named) {
    return told([&] {
      return context.service_transaction([&](Transaction& tx) {
        return Answer{avatar_.has(tx, {named.category, named.item_id})};
      });
    });
  }

 private:
  void feed_in(const Transaction& tx, const Meal& meal) {
    avatar_.feed(tx, {.user_id = meal.user_id,
                      .energy = meal.energy,
                      .experience = meal.experience,
                      .streak_days = meal.streak_days,
                      .source = meal.source});
  }
  calixo::Avatar avatar_;
};

}  // namespace

CALIXO_PLUGIN("probe_avatar", "1.0.0", plugin) {
  auto& routes = plugin.own<Routes>(plugin);
  plugin.post("/probe/feed", calixo::bind(routes, &Routes::feed));
  plugin.post("/probe/feed-each", calixo::bind(routes, &Routes::feed_each));
  plugin.post("/probe/unlock", calixo::bind(routes, &Routes::unlock));
  plugin.post("/probe/take-away", calixo::bind(routes, &Routes::take_away));
  plugin.post("/probe/has", calixo::bind(routes, &Routes::has));
  // An event that nobody subscribes to leaves no delivery.
  plugin.on<calixo::AvatarTired>(calixo::kAvatarTired, "hear_tired",
                                 [](EventContext&, const calixo::AvatarTired&) {});
  plugin.on<calixo::AvatarAsleep>(calixo::kAvatarAsleep, "hear_asleep",
                                  [](EventContext&, const calixo::AvatarAsleep&) {});
  plugin.on<calixo::AvatarLeveledUp>(calixo::kAvatarLeveledUp, "hear_leveled_up",
                                     [](EventContext&, const calixo::AvatarLeveledUp&) {});
}
