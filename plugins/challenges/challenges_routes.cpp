#include "challenges_routes.hpp"

#include <calixo/challenge_type.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "challenges_store.hpp"
#include "pages.hpp"

namespace calixo::challenges {

struct ListQuery {
  std::optional<std::string> type;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListQuery, (), (type, limit, cursor))
CALIXO_RULES(ListQuery) {
  rules.at<&ListQuery::type>()
      .describe("Such as daily, focus or social; of one that nobody offers the list is empty")
      .check(&detail::is_challenge_type_name, "format",
             {.es = "No es el nombre de un tipo.", .en = "Is not the name of a type."});
  rules.at<&ListQuery::limit>().range(1, 100);
  rules.at<&ListQuery::cursor>().length(1, 64).describe("next of the page before");
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

ChallengeList list(Context& context, const TypeDirectory& types, const ListQuery& query) {
  vary_by_language(context);
  const Slice slice = slice_of(context, query);
  Database db = context.db();
  const std::vector<std::string> wanted =
      query.type ? std::vector<std::string>{*query.type} : types.names();
  ChallengeList answer;
  if (query.type && types.find(*query.type) == nullptr) return answer;
  auto page = page_of(list_challenges(db, context.language(), wanted, slice), slice.limit);
  answer.items = std::move(page.items);
  answer.next = std::move(page.next);
  for (const Challenge& challenge : answer.items) {
    const OfferedType* type = types.find(challenge.type);
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

void register_challenge_routes(Plugin& plugin, const TypeDirectory& types) {
  plugin
      .get("/api/challenges",
           [&types](Context& context, const ListQuery& query) {
             return list(context, types, query);
           })
      .read_only()
      .summary("The challenges on offer, in the caller's language, with what their types ask for");
  plugin.get("/api/challenge-types", [&types](Context&) { return list_types(types); })
      .read_only()
      .summary("Every type of challenge that a template may have, with its forms");
}

}  // namespace calixo::challenges
