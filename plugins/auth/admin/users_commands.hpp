// `calixo users list|show|grant|revoke|ban|delete|service-key`: accounts from the operator's
// terminal. Running servers hold to a change within a second.
#pragma once

#include <calixo/plugin.hpp>

#include "personal_data_service.hpp"
#include "session_service.hpp"
#include "settings.hpp"

namespace calixo::auth {

class UsersCommands {
 public:
  // [startup]
  UsersCommands(Plugin& plugin, const SessionService& sessions,
                const PersonalDataService& personal_data);

 private:
  using Arguments = std::vector<std::string>;

  void list(const Arguments& given, Output& out) const;
  void show(const Arguments& given, Output& out) const;
  void grant(const Arguments& given, Output& out) const;
  void revoke(const Arguments& given, Output& out) const;
  void ban(const Arguments& given, Output& out) const;
  void erase(const Arguments& given, Output& out) const;
  void service_key(const Arguments& given, Output& out) const;

  void add(const std::string& words, std::string_view summary, const std::string& usage,
           void (UsersCommands::*run)(const Arguments&, Output&) const);
  std::string user_id_of(const std::string& text) const;
  void tell(const std::string& user_id, bool is_json, Output& out) const;

  Plugin& plugin_;
  const SessionService& sessions_;
  const PersonalDataService& personal_data_;
};

}  // namespace calixo::auth
