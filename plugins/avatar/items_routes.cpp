#include "items_routes.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace calixo::avatar {
namespace {

// What other plugins may name: a letter, then letters, digits, '_'.
bool is_word(std::string_view text, std::size_t size_max) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_fit = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= size_max && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), is_fit);
}
bool is_category(std::string_view text) { return is_word(text, 32); }
bool is_item_id(std::string_view text) { return is_word(text, 64); }

constexpr Text kCategoryText{.es = "Debe tener de 1 a 32 de a-z, 0-9 y _, primero una letra.",
                             .en = "Must be 1 to 32 of a-z, 0-9 and _, a letter first."};
constexpr Text kItemText{.es = "Debe tener de 1 a 64 de a-z, 0-9 y _, primero una letra.",
                         .en = "Must be 1 to 64 of a-z, 0-9 and _, a letter first."};

constexpr long double kLevelMax = 1000, kStreakMax = 36'500;

// What holds for the members that adding and changing share.
template <class Request>
void common_rules(Rules<Request>& rules) {
  rules.template at<&Request::name>().length(1, 80).describe("Spanish");
  rules.template at<&Request::name_en>().length(1, 80).describe("English");
  rules.template at<&Request::unlock_level>()
      .range(0, kLevelMax)
      .describe("The level that unlocks it; 0: none does");
  rules.template at<&Request::unlock_streak>()
      .range(0, kStreakMax)
      .describe("The days of streak that unlock it; 0: none do");
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
  rules.at<&ItemsQuery::category>().check(&is_category, "format", kCategoryText);
  page_rules(rules);
}

struct NewItem {
  std::string category;
  std::string item_id;
  std::string name;
  std::string name_en;
  std::int32_t unlock_level = 0;
  std::int32_t unlock_streak = 0;
  bool is_active = true;
};
BOOST_DESCRIBE_STRUCT(NewItem, (),
                      (category, item_id, name, name_en, unlock_level, unlock_streak, is_active))
CALIXO_RULES(NewItem) {
  rules.title("NewCosmetic");
  common_rules(rules);
  rules.at<&NewItem::category>().check(&is_category, "format", kCategoryText);
  rules.at<&NewItem::item_id>().check(&is_item_id, "format", kItemText);
}

struct ChangedItem {
  std::optional<std::string> name, name_en;
  std::optional<std::int32_t> unlock_level, unlock_streak;
  std::optional<bool> is_active;
};
BOOST_DESCRIBE_STRUCT(ChangedItem, (), (name, name_en, unlock_level, unlock_streak, is_active))
CALIXO_RULES(ChangedItem) {
  rules.title("CosmeticChange");
  common_rules(rules);
}

namespace {

template <class Request>
ItemChange change_of(const Request& request) {
  return {.name = request.name,
          .name_en = request.name_en,
          .unlock_level = request.unlock_level,
          .unlock_streak = request.unlock_streak,
          .is_active = request.is_active};
}

void register_messages(Plugin& plugin) {
  plugin.message("item_taken", {.es = "Esa categoría tiene ya un artículo con ese nombre.",
                                .en = "That category has an item of that name already."});
  plugin.message("item_in_use",
                 {.es = "Alguien tiene este artículo: retíralo con is_active = false.",
                  .en = "Somebody has this item: retire it by is_active = false."});
}

void register_reads(Plugin& plugin, const ItemsService& items) {
  plugin
      .get("/api/admin/avatar/items",
           [&items](Context& context, const ItemsQuery& query) {
             return items.list(context, query.category, query.is_active, slice_of(context, query));
           })
      .allow(Role::admin)
      .read_only()
      .summary("Every cosmetic of the catalogue, retired ones as well");
  plugin
      .get("/api/admin/avatar/items/{id:int}",
           [&items](Context& context) {
             return items.find(context, context.path<std::int32_t>("id"));
           })
      .allow(Role::admin)
      .read_only()
      .summary("One cosmetic of the catalogue")
      .problem(404, "item_not_found");
}

}  // namespace

void register_item_routes(Plugin& plugin, const ItemsService& items) {
  register_reads(plugin, items);
  plugin
      .post("/api/admin/avatar/items",
            [&items](Context& context, const NewItem& wanted) {
              return items.add(context, wanted.category, wanted.item_id, change_of(wanted));
            })
      .allow(Role::admin)
      .status(201)
      .summary("Adds a cosmetic to the catalogue")
      .problem(409, "item_taken");
  plugin
      .patch("/api/admin/avatar/items/{id:int}",
             [&items](Context& context, const ChangedItem& wanted) {
               return items.change(context, context.path<std::int32_t>("id"), change_of(wanted));
             })
      .allow(Role::admin)
      .summary("Changes the members that are given; a cosmetic keeps its category and item_id")
      .problem(404, "item_not_found");
  plugin
      .del("/api/admin/avatar/items/{id:int}",
           [&items](Context& context) { items.remove(context, context.path<std::int32_t>("id")); })
      .allow(Role::admin)
      .summary("Removes a cosmetic that nobody unlocked")
      .problem(404, "item_not_found")
      .problem(409, "item_in_use");
  register_messages(plugin);
}

}  // namespace calixo::avatar
