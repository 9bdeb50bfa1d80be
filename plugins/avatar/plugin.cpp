// People's avatars: what they live on, and what they have unlocked and wear.
#include <calixo/plugin.hpp>

#include "avatar_plugin.hpp"

CALIXO_PLUGIN("avatar", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.own<calixo::avatar::AvatarPlugin>(plugin);
}
