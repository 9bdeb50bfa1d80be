#include "items_routes.hpp"

#include <string>

#include "item_rules.hpp"

namespace calixo::store {
namespace {

constexpr long double kCountMax = 1'000'000'000;

// What holds for the members that adding and changing share.
template <class Request>
void common_rules(Rules<Request>& rules) {
  rules.template at<&Request::slug>().check(&is_slug, "format", kSlugText);
  rules.template at<&Request::category>().check(&is_category, "format", kCategoryText);
  rules.template at<&Request::name>().length(1, 120).describe("Spanish");
  rules.template at<&Request::name_en>().length(1, 120).describe("English");
  rules.template at<&Request::description>().length(0, 2000).optional();
  rules.template at<&Request::description_en>().length(0, 2000).optional();
  rules.template at<&Request::price>().range(0, kCountMax).describe("At most store.price_max");
  rules.template at<&Request::stock>().range(0, kCountMax).describe("How many; none: any number");
  rules.template at<&Request::max_per_user>()
      .range(1, kCountMax)
      .describe("How many one person may have; of a cosmetic 1, else any number");
  rules.template at<&Request::cosmetic>().describe("Of the avatars' catalogue: what it unlocks");
  rules.closed();
}

}  // namespace

struct ItemsQuery {
  std::optional<std::string> category;
  std::optional<bool> is_active;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ItemsQuery, (), (category, is_active, limit, cursor))
CALIXO_RULES(ItemsQuery) {
  page_rules(rules);
  rules.at<&ItemsQuery::category>().check(&is_category, "format", kCategoryText);
}

struct NewItem {
  std::string slug;
  std::string category;
  std::string name;
  std::string name_en;
  std::string description;
  std::string description_en;
  std::int32_t price;
  bool premium_only = false;
  bool is_active = true;
  std::optional<std::int32_t> stock;
  std::optional<std::int32_t> max_per_user;
  std::optional<CosmeticName> cosmetic;
  std::optional<Timestamp> available_from;
  std::optional<Timestamp> available_until;
};
BOOST_DESCRIBE_STRUCT(NewItem, (),
                      (slug, category, name, name_en, description, description_en, price,
                       premium_only, is_active, stock, max_per_user, cosmetic, available_from,
                       available_until))
CALIXO_RULES(NewItem) {
  rules.title("NewStoreItem");
  common_rules(rules);
}

struct ChangedItem {
  std::optional<std::string> slug, category, name, name_en, description, description_en;
  std::optional<std::int32_t> price;
  std::optional<bool> premium_only, is_active;
  std::optional<std::int32_t> stock, max_per_user;
  std::optional<CosmeticName> cosmetic;
  std::optional<Timestamp> available_from, available_until;
  std::optional<std::vector<Unset>> unset;
};
BOOST_DESCRIBE_STRUCT(ChangedItem, (),
                      (slug, category, name, name_en, description, description_en, price,
                       premium_only, is_active, stock, max_per_user, cosmetic, available_from,
                       available_until, unset))
CALIXO_RULES(ChangedItem) {
  rules.title("StoreItemChange");
  common_rules(rules);
  rules.at<&ChangedItem::unset>().length(0, 5).describe(
      "Members that shall have no value: null leaves one as it is");
}

namespace {

template <class Request>
ItemChange change_of(const Request& request) {
  ItemChange change;
  change.slug = request.slug;
  change.category = request.category;
  change.name = request.name;
  change.name_en = request.name_en;
  change.description = request.description;
  change.description_en = request.description_en;
  change.price = request.price;
  change.premium_only = request.premium_only;
  change.is_active = request.is_active;
  change.stock = request.stock;
  change.max_per_user = request.max_per_user;
  change.cosmetic = request.cosmetic;
  change.available_from = request.available_from;
  change.available_until = request.available_until;
  return change;
}

ItemChange with_unset(const ChangedItem& request) {
  ItemChange change = change_of(request);
  change.unset = request.unset.value_or(std::vector<Unset>());
  return change;
}

std::int32_t id_of(const Context& context) { return context.path<std::int32_t>("id"); }

void register_reads(Plugin& plugin, const ItemsService& items) {
  plugin
      .get(
          "/api/admin/store",
          [&items](Context& context, const ItemsQuery& query) {
            return items.list(context, {query.category, query.is_active}, slice_of(context, query));
          })
      .allow(Role::admin)
      .read_only()
      .summary("Every item of the store, retired ones as well");
  plugin
      .get("/api/admin/store/{id:int}",
           [&items](Context& context) { return items.find(context, id_of(context)); })
      .allow(Role::admin)
      .read_only()
      .summary("One item of the store")
      .problem(404, "item_not_found");
}

void register_writes(Plugin& plugin, const ItemsService& items) {
  plugin
      .post("/api/admin/store",
            [&items](Context& context, const NewItem& wanted) {
              return items.add(context, change_of(wanted));
            })
      .allow(Role::admin)
      .status(201)
      .summary("Adds an item to the store")
      .problem(409, "item_slug_taken");
  plugin
      .patch("/api/admin/store/{id:int}",
             [&items](Context& context, const ChangedItem& wanted) {
               return items.change(context, id_of(context), with_unset(wanted));
             })
      .allow(Role::admin)
      .summary("Changes the members that are given; retires by is_active = false")
      .problem(404, "item_not_found")
      .problem(409, "item_slug_taken");
  plugin
      .del("/api/admin/store/{id:int}",
           [&items](Context& context) { items.remove(context, id_of(context)); })
      .allow(Role::admin)
      .summary("Removes an item that was never sold")
      .problem(404, "item_not_found")
      .problem(409, "item_in_use");
}

}  // namespace

void register_item_routes(Plugin& plugin, const ItemsService& items) {
  register_reads(plugin, items);
  register_writes(plugin, items);
  plugin.message("item_slug_taken", {.es = "Otro artículo tiene ya ese slug.",
                                     .en = "Another item has that slug already."});
  plugin.message("item_in_use",
                 {.es = "Este artículo se ha vendido: retíralo con is_active = false.",
                  .en = "This item was sold: retire it by is_active = false."});
}

}  // namespace calixo::store
