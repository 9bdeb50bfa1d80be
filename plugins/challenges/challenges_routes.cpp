#include "challenges_routes.hpp"

#include <calixo/challenge_type.hpp>
#include <calixo/pages.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "challenges_store.hpp"

namespace calixo::challenges {

enum class Scope { all, today };
BOOST_DESCRIBE_ENUM(Scope, all, today)

struct ListQuery {
  Scope scope = Scope::all;
  std::optional<std::string> type;
  std::optional<Difficulty> difficulty;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListQuery, (), (scope, type, difficulty, limit, cursor))
CALIXO_RULES(ListQuery) {
  rules.at<&ListQuery::scope>().describe(
      "today: the caller's set of the day, whole, in one page; only for who has signed in");
  rules.at<&ListQuery::type>()
      .describe("Such as daily, focus or social; of one that nobody offers the list is empty")
      .check(&detail::is_challenge_type_name, "format",
             {.es = "No es el nombre de un tipo.", .en = "Is not the name of a type."});
  page_rules(rules);
}

// A page, with what its items' types ask for.
struct ChallengeList {
  std::vector<Challenge> items;
  std::optional<std::string> next;
  std::map<std::string, TypeForms> types;
};
BOOST_DESCRIBE_STRUCT(ChallengeList, (), (items, next, types))
CALIXO_RULES(ChallengeList) {
  rules.at<&ChallengeList::next>().describe("Cursor of the next page; null on the last");
  rules.at<&ChallengeList::types>().describe("By name, of the types that occur in this page");
}

struct ChallengeTypeItem {
  std::string name;
  TypeForms forms;
};
BOOST_DESCRIBE_STRUCT(ChallengeTypeItem, (), (name, forms))

namespace {

// What lists are made of.
struct Offer {
  const TypeDirectory& types;
  const Settings& settings;
};

Page<Challenge> page(Context& context, const Offer& offer, const ListQuery& query) {
  const Slice slice = slice_of(context, query);
  const ChallengeFilter filter{
      query.type ? std::vector<std::string>{*query.type} : offer.types.names(), query.difficulty};
  Database db = context.db();
  if (query.scope == Scope::all) {
    return page_of(list_challenges(db, context.language(), filter, slice), slice.limit);
  }
  Page<Challenge> today;
  today.items = list_todays(db, context.language(), context.user_id(), filter, offer.types.names(),
                            offer.settings.daily_set_size.get());
  return today;
}

ChallengeList list(Context& context, const Offer& offer, const ListQuery& query) {
  context.vary_by_language();
  ChallengeList answer;
  if (query.scope == Scope::today) context.user_id();  // 401 for who has none
  if (query.type && offer.types.find(*query.type) == nullptr) return answer;
  Page<Challenge> found = page(context, offer, query);
  answer.items = std::move(found.items);
  answer.next = std::move(found.next);
  for (const Challenge& challenge : answer.items) {
    const OfferedType* type = offer.types.find(challenge.type);
    if (type != nullptr) answer.types.try_emplace(type->name, type->forms);
  }
  return answer;
}

Page<ChallengeTypeItem> list_types(const TypeDirectory& types) {
  Page<ChallengeTypeItem> page;
  for (const auto& [name, type] : types.all()) page.items.push_back({name, type.forms});
  return page;
}

}  // namespace

void register_challenge_routes(Plugin& plugin, const TypeDirectory& types,
                               const Settings& settings) {
  plugin
      .get("/api/challenges",
           [offer = Offer{types, settings}](Context& context, const ListQuery& query) {
             return list(context, offer, query);
           })
      .read_only()
      .summary("The challenges on offer, in the caller's language, with what their types ask for");
  plugin.get("/api/challenge-types", [&types](Context&) { return list_types(types); })
      .read_only()
      .summary("Every type of challenge that a template may have, with its forms");
}

}  // namespace calixo::challenges
