// Administrators: the first one, made on the very first start, and those made by the operator.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "account_service.hpp"
#include "settings.hpp"

namespace calixo::auth {

struct AppointedAdmin {
  std::string user_id;
  std::string email;
  std::optional<std::string> generated_password;
  bool is_new_account = false;
};

class AdminService {
 public:
  AdminService(Plugin& plugin, const Settings& settings, const AccountService& accounts)
      : plugin_(plugin), settings_(settings), accounts_(accounts) {}

  // Prints the address and the generated password as a notice, once in the life of a database.
  // [startup, suspends, blocks for one hash]
  void make_first() const;

  // Appoints the account of this address, making it where there is none. password: for the account,
  // an existing one as well; without it a new account gets a generated one. Throws
  // std::runtime_error with the operator's mistake. [fiber, suspends]
  AppointedAdmin appoint(const std::string& email, std::optional<std::string> password) const;

 private:
  Plugin& plugin_;
  const Settings& settings_;
  const AccountService& accounts_;
};

}  // namespace calixo::auth
