// Accounts for this server's own administration pages: /api/admin/users. Moderators read,
// administrators decide.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

#include "admin/account_admin.hpp"
#include "standing/standing_service.hpp"

namespace calixo::auth {

struct PeopleQuery {
  std::optional<std::string> search;
  std::optional<std::string> role;
  std::optional<bool> banned;
  std::int64_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(PeopleQuery, (), (search, role, banned, limit, cursor))
CALIXO_RULES(PeopleQuery) {
  rules.at<&PeopleQuery::search>().length(1, 254).describe(
      "how the address or the display name begins");
  rules.at<&PeopleQuery::role>().one_of({"admin", "moderator"});
  rules.at<&PeopleQuery::limit>().range(1, 100);
  rules.at<&PeopleQuery::cursor>().length(1, 128).describe("next of the page before");
}

struct People {
  std::vector<AdminUser> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(People, (), (items, next))

struct GrantRequest {
  std::string role;
};
BOOST_DESCRIBE_STRUCT(GrantRequest, (), (role))
CALIXO_RULES(GrantRequest) { rules.at<&GrantRequest::role>().one_of({"admin", "moderator"}); }

struct BanRequest {
  std::string duration;
};
BOOST_DESCRIBE_STRUCT(BanRequest, (), (duration))
CALIXO_RULES(BanRequest) {
  rules.at<&BanRequest::duration>()
      .length(1, 32)
      .describe("24h, 1h30m, 30d")
      .check([](const std::string& text) { return ban_seconds(text).value_or(0) > 0; }, "format",
             {"Debe ser una duración como 24h.", "Must be a duration such as 24h."});
}

class PeopleRoutes {
 public:
  PeopleRoutes(Plugin& plugin, StandingService& standing, const PersonalDataService& personal_data);

 private:
  People list(Context& context, const PeopleQuery& query) const;
  AdminUser read(Context& context) const;
  AdminUser grant(Context& context, const GrantRequest& wanted);
  AdminUser revoke(Context& context);
  AdminUser ban(Context& context, const BanRequest& wanted);
  AdminUser unban(Context& context);
  void erase(Context& context);

  template <class Change>
  AdminUser changed(Context& context, const Change& change);

  StandingService& standing_;
  const PersonalDataService& personal_data_;
};

}  // namespace calixo::auth
