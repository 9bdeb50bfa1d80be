// Shared challenges, followers and the feed.
// Holds the tables, so that an account's data is whole from the first day; no routes yet.
#include <calixo/personal_data.hpp>
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("social", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.depend("challenges");
  plugin.migrations();
  plugin.personal_data("social")
      .table("sessions", "select * from social_sessions where inviter_id = $1 or invitee_id = $1")
      .table("follows", "select * from followers where follower_id = $1")
      .table("followed_by", "select * from followers where following_id = $1")
      .table("feed_items", "select * from feed_items where user_id = $1");
}
