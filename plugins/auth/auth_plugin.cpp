#include "auth_plugin.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include "admin_command.hpp"
#include "signing_key_store.hpp"
#include "token_verifier.hpp"

namespace calixo::auth {

AuthPlugin::AuthPlugin(Plugin& plugin)
    : plugin_(plugin),
      settings_(plugin),
      sessions_(settings_),
      flows_(sessions_),
      accounts_(settings_, sessions_),
      admins_(plugin, settings_, accounts_),
      providers_(plugin),
      identities_(settings_),
      oauth_(plugin, settings_, providers_, sessions_, identities_),
      oauth_routes_(plugin, oauth_, identities_),
      factors_(sessions_),
      factor_routes_(plugin, factors_),
      auth_routes_(plugin, settings_, accounts_, sessions_, flows_, oauth_),
      profile_routes_(plugin) {
  register_admin_command(plugin, admins_);
  plugin.offer(CALIXO_TOKEN_VERIFIER_ID, &token_verifier_table());
  plugin.on_configure([this] { providers_.check(); });
  plugin.on_configure([this] {
    const std::string email = settings_.first_admin_email.get();
    if (!email.empty() && !normal_email(email)) {
      throw std::runtime_error("auth.first_admin_email is no e-mail address");
    }
  });
  plugin.every(std::chrono::hours(1), "forget_expired_flows", [this](JobContext&) {
    Database db = plugin_.service_db();
    forget_expired_flows(db);
  });
  plugin.on_start([this] { start(); });
  plugin.on_stop([] { publish_token_verifier(nullptr); });
}

void AuthPlugin::start() {
  Database db = plugin_.service_db();
  StartState state = read_start_state(db);
  if (state.private_keys.empty()) {
    const Es256Key made = Es256Key::generate();
    store_signing_key(db, made.kid(), made.private_key_der());
    state.private_keys = read_start_state(db).private_keys;  // another node's, if it was faster
  }
  use_keys(state.private_keys);
  if (state.needs_first_admin) admins_.make_first();
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
