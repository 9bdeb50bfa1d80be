#include "auth_plugin.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include "admin/admin_command.hpp"
#include "import/import_command.hpp"
#include "rate_limit_store.hpp"
#include "signing_key_store.hpp"
#include "token_verifier.hpp"
#include "tokens/token_store.hpp"

namespace calixo::auth {

AuthPlugin::AuthPlugin(Plugin& plugin)
    : plugin_(plugin),
      settings_(plugin),
      mail_settings_(plugin),
      token_settings_(plugin),
      standing_(plugin, [this] { reload_keys(); }),
      premium_(plugin),
      sessions_(settings_),
      flows_(sessions_),
      workshop_(plugin, settings_),
      limits_(plugin, settings_),
      mail_desk_(settings_, mail_settings_),
      mail_job_(plugin, settings_, mail_settings_, token_settings_, mail_desk_),
      anonymous_(plugin, settings_, sessions_, limits_),
      accounts_(settings_, sessions_, workshop_, limits_, mail_desk_),
      admins_(plugin, settings_, accounts_),
      updates_(settings_, token_settings_, accounts_, workshop_, mail_desk_),
      personal_data_(plugin, mail_job_),
      administration_(plugin, settings_, token_settings_, accounts_, sessions_, workshop_,
                      mail_desk_, standing_, personal_data_),
      providers_(plugin),
      identities_(settings_),
      oauth_(plugin, settings_, providers_, sessions_, identities_),
      oauth_routes_(plugin, oauth_, identities_),
      factors_(sessions_),
      factor_routes_(plugin, factors_),
      auth_routes_(plugin, settings_, accounts_, sessions_, flows_, limits_, standing_, anonymous_,
                   oauth_),
      token_routes_(plugin, settings_, sessions_, mail_desk_, updates_, limits_),
      profile_routes_(plugin, personal_data_, standing_) {
  register_admin_command(plugin, admins_);
  register_import_command(plugin);
  plugin.offer(CALIXO_TOKEN_VERIFIER_ID, &token_verifier_table());
  plugin.on_configure([this] { providers_.check(); });
  plugin.on_configure([this] {
    workshop_.open();
    password_rules(settings_);  // throws where it is misspelt
    const std::string email = settings_.first_admin_email.get();
    if (!email.empty() && !normal_email(email)) {
      throw std::runtime_error("auth.first_admin_email is no e-mail address");
    }
  });
  plugin.every(std::chrono::hours(1), "forget_what_expired", [this](JobContext&) {
    Database db = plugin_.service_db();
    forget_expired_flows(db);
    forget_ended_windows(db);
    forget_expired_tokens(db);
  });
  plugin.on_start([this] { start(); });
  plugin.on_stop([] {
    publish_token_verifier(nullptr);
    use_standing(nullptr);
  });
}

void AuthPlugin::start() {
  Database db = plugin_.service_db();
  StartState state = read_start_state(db);
  if (state.private_keys.empty()) {
    const Es256Key made = Es256Key::generate();
    store_signing_key(db, made.kid(), made.private_key_der());
  }
  standing_.catch_up();  // and the keys: another node's, if it was faster
  use_standing(&standing_.standing());
  if (state.needs_first_admin) admins_.make_first();
}

void AuthPlugin::reload_keys() {
  Database db = plugin_.service_db();
  use_keys(read_start_state(db).private_keys);
}

void AuthPlugin::use_keys(const std::vector<std::string>& private_keys) {
  std::vector<Es256Key> keys;
  for (const std::string& der : private_keys) keys.push_back(Es256Key::from_private_key_der(der));
  const AccessTokens::Options options{settings_.issuer.get(), settings_.clock_skew_s.get()};
  const auto tokens = std::make_shared<const AccessTokens>(std::move(keys), options);
  sessions_.use_keys(tokens);
  auth_routes_.use_keys(tokens);
  publish_token_verifier(tokens);
}

}  // namespace calixo::auth
