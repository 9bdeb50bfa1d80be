// A person's profile, own and others', and all that is held about a person: told, or erased.
// Everything but the last two runs as the caller: policies decide what is seen.
#pragma once

#include <calixo/plugin.hpp>

#include <set>
#include <string>

#include "personal_data_service.hpp"
#include "profile_store.hpp"
#include "standing/standing_service.hpp"

namespace calixo::auth {

class ProfileRoutes {
 public:
  ProfileRoutes(Plugin& plugin, PersonalDataService& personal_data, StandingService& standing);

  Profile read(Context& context) const;
  Profile change(Context& context, const ProfileChange& change);
  PublicProfile read_other(Context& context) const;
  Reply export_all(Context& context);
  void erase(Context& context);

 private:
  bool is_time_zone(Context& context, const std::string& name);

  PersonalDataService& personal_data_;
  StandingService& standing_;
  Mutex time_zones_mutex_;
  std::set<std::string, std::less<>> time_zones_;  // filled at the first question
};

}  // namespace calixo::auth
