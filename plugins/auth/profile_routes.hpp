// GET and PATCH /api/user/profile: a person's own profile, as that person.
#pragma once

#include <calixo/plugin.hpp>

#include <set>
#include <string>

#include "profile_store.hpp"

namespace calixo::auth {

class ProfileRoutes {
 public:
  explicit ProfileRoutes(Plugin& plugin);

  Profile read(Context& context) const;
  Profile change(Context& context, const ProfileChange& change);

 private:
  bool is_time_zone(Context& context, const std::string& name);

  Mutex time_zones_mutex_;
  std::set<std::string, std::less<>> time_zones_;  // filled at the first question
};

}  // namespace calixo::auth
