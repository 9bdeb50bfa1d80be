#include "profile_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kRead =
    "select user_id, display_name, is_private, avatar_energy, created_at, locale, time_zone "
    "from profiles where user_id = $1";

constexpr std::string_view kChange = R"(
  update profiles
  set display_name = coalesce($2, display_name), is_private = coalesce($3, is_private),
      locale = coalesce($4, locale), time_zone = coalesce($5, time_zone)
  where user_id = $1
  returning user_id, display_name, is_private, avatar_energy, created_at, locale, time_zone)";

// Copies of the same zones under other roots, and names that stand for no place.
constexpr std::string_view kTimeZones = R"(
  select name from pg_timezone_names
  where name !~ '^(posix|right)/' and name not in ('localtime', 'posixrules', 'Factory'))";

}  // namespace

std::optional<Profile> read_profile(Database& caller, std::string_view user_id) {
  return caller.query(kRead, user_id).first<Profile>();
}

std::optional<PublicProfile> read_public_profile(Database& caller, std::string_view user_id) {
  return caller
      .query(
          "select user_id, display_name, avatar_energy, created_at from profiles "
          "where user_id = $1",
          user_id)
      .first<PublicProfile>();
}

std::optional<Profile> change_profile(Database& caller, std::string_view user_id,
                                      const ProfileChange& change) {
  return caller
      .query(kChange, user_id, change.display_name, change.is_private, change.locale,
             change.time_zone)
      .first<Profile>();
}

std::vector<std::string> time_zone_names(Database& service) {
  const Rows rows = service.query(kTimeZones);
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const Row row : rows) names.push_back(row.get<std::string>("name"));
  return names;
}

}  // namespace calixo::auth
