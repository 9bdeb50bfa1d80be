#include "catalogue_routes.hpp"

#include <utility>

#include "catalogue_store.hpp"
#include "item_rules.hpp"

namespace calixo::store {

struct CatalogueQuery {
  std::optional<std::string> category;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(CatalogueQuery, (), (category, limit, cursor))
CALIXO_RULES(CatalogueQuery) {
  page_rules(rules);
  rules.at<&CatalogueQuery::category>()
      .check(&is_category, "format", kCategoryText)
      .describe("Such as hat, glasses, color; of an unknown one the list is empty");
}

struct StoreFront {
  std::optional<std::int64_t> balance;
  std::vector<OfferedItem> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(StoreFront, (), (balance, items, next))
CALIXO_RULES(StoreFront) {
  rules.at<&StoreFront::balance>().describe(
      "What the caller may spend; null for an anonymous caller");
  rules.at<&StoreFront::next>().describe("Cursor of the next page; null on the last");
}

namespace {

StoreFront list(Context& context, const Avatar& avatar, const CatalogueQuery& query) {
  context.vary_by_language();
  const Slice slice = slice_of(context, query);
  const Principal caller = context.principal();
  const auto user_id =
      caller.is_anonymous() ? std::nullopt : std::optional<std::string_view>(caller.user_id);
  Database db = context.db();
  Offer offer = list_on_sale(db, context.language(), user_id, query.category,
                             static_cast<bool>(avatar), slice);
  StoreFront front;
  front.balance = offer.balance;
  front.next = cut_page(offer.items, slice.limit);
  front.items = std::move(offer.items);
  return front;
}

}  // namespace

void register_catalogue_routes(Plugin& plugin, const Avatar& avatar) {
  plugin
      .get("/api/store",
           [&avatar](Context& context, const CatalogueQuery& query) {
             return list(context, avatar, query);
           })
      .read_only()
      .summary("What is on sale, in the caller's language, and what the caller may spend");
}

}  // namespace calixo::store
