#include "avatar_routes.hpp"

#include <optional>
#include <string>

namespace calixo::avatar {

struct CustomizeRequest {
  std::string category;
  std::optional<std::string> item_id;
};
BOOST_DESCRIBE_STRUCT(CustomizeRequest, (), (category, item_id))
CALIXO_RULES(CustomizeRequest) {
  rules.at<&CustomizeRequest::category>().length(1, 32);
  rules.at<&CustomizeRequest::item_id>().length(1, 64).describe(
      "What to put on; null or left out: nothing");
}

namespace {

// Names come in the caller's language; one person's avatar is nothing for a shared cache.
void tell_caches(Context& context) {
  context.add_header("Vary", "Accept-Language");
  context.set_header("Cache-Control", "private, no-cache");
}

void register_messages(Plugin& plugin) {
  plugin.message("avatar_not_found",
                 {.es = "Ese avatar no existe.", .en = "There is no such avatar."});
  plugin.message("item_not_found",
                 {.es = "Ese artículo no existe.", .en = "There is no such item."});
  plugin.message("item_locked", {.es = "Todavía no has desbloqueado este artículo.",
                                 .en = "You have not unlocked this item yet."});
}

}  // namespace

void register_avatar_routes(Plugin& plugin, const AvatarService& avatars) {
  plugin
      .get("/api/avatar",
           [&avatars](Context& context) {
             tell_caches(context);
             return avatars.find(context);
           })
      .allow(Role::user)
      .summary("The caller's avatar: all that it takes to draw it")
      .problem(404, "avatar_not_found");
  plugin
      .get("/api/avatar/{user_id:uuid}",
           [&avatars](Context& context) {
             return avatars.find_other(context, context.path<std::string>("user_id"));
           })
      .allow(Role::user)
      .read_only()
      .summary("What somebody's avatar wears; a private person's is not found")
      .problem(404, "avatar_not_found");
  plugin
      .post("/api/avatar/customize",
            [&avatars](Context& context, const CustomizeRequest& wanted) {
              tell_caches(context);
              return avatars.customize(context, wanted.category, wanted.item_id);
            })
      .allow(Role::user)
      .summary("Puts an unlocked item on, or takes off what a category wears")
      .problem(404, "avatar_not_found")
      .problem(404, "item_not_found")
      .problem(409, "item_locked");
  register_messages(plugin);
}

}  // namespace calixo::avatar
