// GET /api/user/export and DELETE /api/user: every plugin that holds something about a person has
// its part in both (calixo.personal_data/1), in one transaction.
#pragma once

#include <calixo/abi/personal_data.h>
#include <calixo/plugin.hpp>

#include <string>
#include <string_view>

#include "standing/standing_service.hpp"

namespace calixo::auth {

class PersonalDataService {
 public:
  PersonalDataService(Plugin& plugin, StandingService& standing);

  // {"user_id", "exported_at", "data": {<part>: {…}}}, as of one moment. Problem 503 unavailable
  // where a part can't be told. [fiber, suspends]
  std::string export_json(std::string_view user_id);

  // Erases the account and all that plugins hold; its tokens end at once. False where there is no
  // such account. Problems, nothing having been erased: 503 unavailable, 409 last_administrator.
  // [fiber, suspends]
  bool erase(std::string_view user_id);

 private:
  Plugin& plugin_;
  StandingService& standing_;
};

}  // namespace calixo::auth
