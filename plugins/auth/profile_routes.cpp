#include "profile_routes.hpp"

namespace calixo::auth {

ProfileRoutes::ProfileRoutes(Plugin& plugin) : time_zones_mutex_(plugin) {
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

bool ProfileRoutes::is_time_zone(Context& context, const std::string& name) {
  const auto guard = time_zones_mutex_.lock();
  if (time_zones_.empty()) {
    Database db = context.service_db();
    for (std::string& zone : time_zone_names(db)) time_zones_.insert(std::move(zone));
  }
  return time_zones_.contains(name);
}

}  // namespace calixo::auth
