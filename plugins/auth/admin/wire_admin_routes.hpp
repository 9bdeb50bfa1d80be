// Administration of accounts in Supabase Auth's wire format: /auth/v1/admin/users, for the service
// key and for administrators.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

#include "account_service.hpp"
#include "admin/account_admin.hpp"
#include "standing/standing_service.hpp"

namespace calixo::auth {

struct WirePageQuery {
  std::int64_t page = 1;
  std::int64_t per_page = 50;
};
BOOST_DESCRIBE_STRUCT(WirePageQuery, (), (page, per_page))

struct WireUsers {
  std::vector<User> users;
  std::string aud;
};
BOOST_DESCRIBE_STRUCT(WireUsers, (), (users, aud))

// Of a new account and of a change; nulls for what is not said.
struct WireAdminUser {
  std::optional<std::string> id;
  std::optional<std::string> email;
  std::optional<std::string> password;
  std::optional<bool> email_confirm;
  std::optional<Json> user_metadata;
  std::optional<Json> app_metadata;
  std::optional<std::string> ban_duration;
};
BOOST_DESCRIBE_STRUCT(WireAdminUser, (),
                      (id, email, password, email_confirm, user_metadata, app_metadata,
                       ban_duration))

class WireAdminRoutes {
 public:
  WireAdminRoutes(Plugin& plugin, const Settings& settings, const AccountService& accounts,
                  PasswordWorkshop& workshop, StandingService& standing,
                  const PersonalDataService& personal_data);

 private:
  // A request that was looked at: what is to be written.
  struct Wanted {
    AccountChange change;
    std::optional<std::string> role;  // of admin_users: "ADMIN", "MODERATOR", ""
  };

  Reply list(Context& context, const WirePageQuery& query) const;
  User create(Context& context, const WireAdminUser& given);
  User read(Context& context) const;
  User change(Context& context, const WireAdminUser& given);
  Json erase(Context& context);

  Wanted checked(Context& context, const WireAdminUser& given) const;
  void check_metadata(Context& context, const std::optional<Json>& metadata) const;
  static std::string user_id_of(const Context& context);
  static User stored(Context& context, const std::string& user_id);

  const Settings& settings_;
  const AccountService& accounts_;
  PasswordWorkshop& workshop_;
  StandingService& standing_;
  const PersonalDataService& personal_data_;
};

}  // namespace calixo::auth
