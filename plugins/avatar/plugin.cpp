// What an avatar has unlocked and wears.
// Holds the tables, so that an account's data is whole from the first day; no routes yet.
#include <calixo/personal_data.hpp>
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("avatar", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.personal_data("avatar").table("customizations",
                                       "select * from avatar_customizations where user_id = $1");
}
