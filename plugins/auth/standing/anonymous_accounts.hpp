// Accounts of people who have not said who they are: a session at once, no address. They become
// permanent ones by an address that they confirm.
#pragma once

#include <calixo/plugin.hpp>

#include "account_service.hpp"

namespace calixo::auth {

class AnonymousAccounts {
 public:
  AnonymousAccounts(Plugin& plugin, const Settings& settings, const SessionService& sessions,
                    RateLimits& limits);

  bool is_enabled() const { return enabled_.get(); }
  // Whether this sign-up is meant so: it names neither address nor telephone.
  static bool is_meant(const SignUpRequest& wanted);

  // Problems: 422 anonymous_provider_disabled, signup_disabled; 400 validation_failed.
  // [fiber, suspends]
  Session sign_up(Context& context, const SignUpRequest& wanted);

 private:
  Setting<bool> enabled_;
  const Settings& settings_;
  const SessionService& sessions_;
  RateLimits& limits_;
};

}  // namespace calixo::auth
