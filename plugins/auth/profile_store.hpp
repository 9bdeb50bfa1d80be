// Profiles in the database, read and written as their owner. Every call suspends its fiber.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

struct Profile {
  std::string user_id;
  std::optional<std::string> display_name;
  bool is_private = false;
  std::int32_t avatar_energy = 100;
  Timestamp created_at;
  std::string locale;
  std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(Profile, (),
                      (user_id, display_name, is_private, avatar_energy, created_at, locale,
                       time_zone))
CALIXO_RULES(Profile) {
  rules.at<&Profile::avatar_energy>().range(0, 100).describe("What the avatar lives on");
  rules.at<&Profile::locale>().one_of({"es", "en"});
  rules.at<&Profile::time_zone>().describe("IANA name, such as Europe/Madrid");
}

// What others see.
struct PublicProfile {
  std::string user_id;
  std::optional<std::string> display_name;
  std::int32_t avatar_energy = 100;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(PublicProfile, (), (user_id, display_name, avatar_energy, created_at))

// What is absent stays as it is.
struct ProfileChange {
  std::optional<std::string> display_name;
  std::optional<bool> is_private;
  std::optional<std::string> locale;
  std::optional<std::string> time_zone;
};
BOOST_DESCRIBE_STRUCT(ProfileChange, (), (display_name, is_private, locale, time_zone))
CALIXO_RULES(ProfileChange) {
  rules.at<&ProfileChange::display_name>().length(1, 60).check(
      [](const std::string& name) {
        for (const char c : name) {
          if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
        }
        return name.find_first_not_of(' ') != std::string::npos;
      },
      "format",
      {"Debe tener letras y ningún carácter de control.",
       "Must hold letters and no control characters."});
  rules.at<&ProfileChange::locale>().one_of({"es", "en"});
  rules.at<&ProfileChange::time_zone>().length(1, 64).describe("IANA name, such as Europe/Madrid");
}

std::optional<Profile> read_profile(Database& caller, std::string_view user_id);
// Nothing where there is none, or none that this caller may see.
std::optional<PublicProfile> read_public_profile(Database& caller, std::string_view user_id);
std::optional<Profile> change_profile(Database& caller, std::string_view user_id,
                                      const ProfileChange& change);
// The IANA names that the database knows; takes it some 30 ms.
std::vector<std::string> time_zone_names(Database& service);

}  // namespace calixo::auth
