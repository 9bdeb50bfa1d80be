#include "profile_routes.hpp"

#include "admin/account_admin.hpp"

namespace calixo::auth {

ProfileRoutes::ProfileRoutes(Plugin& plugin, PersonalDataService& personal_data,
                             StandingService& standing)
    : personal_data_(personal_data), standing_(standing), time_zones_mutex_(plugin) {
  plugin.get("/api/user/profile", bind(*this, &ProfileRoutes::read))
      .allow(Role::user)
      .read_only()
      .tag("profile")
      .summary("The caller's profile")
      .problem(404, "profile_not_found");
  plugin.patch("/api/user/profile", bind(*this, &ProfileRoutes::change))
      .allow(Role::user)
      .tag("profile")
      .summary("Changes the caller's profile; what is left out stays")
      .problem(404, "profile_not_found");
  plugin.get("/api/users/{id:uuid}/profile", bind(*this, &ProfileRoutes::read_other))
      .allow(Role::user)
      .read_only()
      .tag("profile")
      .summary("Somebody's public profile; a private one is not found")
      .problem(404, "profile_not_found");
  plugin.get("/api/user/export", bind(*this, &ProfileRoutes::export_all))
      .allow(Role::user)
      .tag("profile")
      .summary("All that is held about the caller, by plugin")
      .problem(503, "unavailable");
  plugin.del("/api/user", bind(*this, &ProfileRoutes::erase))
      .allow(Role::user)
      .tag("profile")
      .summary("Erases the caller's account and all that is held about it")
      .problem(404, "user_not_found")
      .problem(409, "last_administrator")
      .problem(503, "unavailable");
  plugin.message("profile_not_found",
                 {.es = "Esta cuenta ya no tiene perfil.", .en = "This account has no profile."});
}

Profile ProfileRoutes::read(Context& context) const {
  Database db = context.db();
  return or_fail(read_profile(db, context.user_id()), not_found("profile"));
}

Profile ProfileRoutes::change(Context& context, const ProfileChange& change) {
  if (change.time_zone && !is_time_zone(context, *change.time_zone)) {
    const bool is_spanish = context.language() == "es";
    throw Problem(422, "validation_failed")
        .error("time_zone", "format",
               is_spanish ? "No es una zona horaria IANA." : "Is not an IANA time zone.");
  }
  Database db = context.db();
  return or_fail(change_profile(db, context.user_id(), change), not_found("profile"));
}

PublicProfile ProfileRoutes::read_other(Context& context) const {
  Database db = context.db();
  return or_fail(read_public_profile(db, context.path<std::string>("id")), not_found("profile"));
}

Reply ProfileRoutes::export_all(Context& context) {
  Reply reply;
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"calixo-export.json\"");
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.body = personal_data_.export_json(context.user_id());
  return reply;
}

void ProfileRoutes::erase(Context& context) {
  context.service_transaction(
      [&](Transaction& tx) { AccountAdmin::erase(tx, context.user_id(), personal_data_); });
  standing_.catch_up();
}

bool ProfileRoutes::is_time_zone(Context& context, const std::string& name) {
  const auto guard = time_zones_mutex_.lock();
  if (time_zones_.empty()) {
    Database db = context.service_db();
    for (std::string& zone : time_zone_names(db)) time_zones_.insert(std::move(zone));
  }
  return time_zones_.contains(name);
}

}  // namespace calixo::auth
