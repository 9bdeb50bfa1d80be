// Makes accounts and lets people in: the rules of sign-up and of password sign-in.
#pragma once

#include <calixo/plugin.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "account_store.hpp"
#include "password_workshop.hpp"
#include "rate_limits.hpp"
#include "session_service.hpp"
#include "settings.hpp"

namespace calixo::auth {

class MailDesk;

// The wire format sends nulls for what it does not use.
struct SignUpRequest {
  std::optional<std::string> email;
  std::optional<std::string> password;
  std::optional<std::string> phone;
  std::optional<Json> data;
  std::optional<std::string> code_challenge;
  std::optional<std::string> code_challenge_method;
};
BOOST_DESCRIBE_STRUCT(SignUpRequest, (),
                      (email, password, phone, data, code_challenge, code_challenge_method))

struct TokenRequest {
  std::optional<std::string> email;
  std::optional<std::string> password;
  std::optional<std::string> refresh_token;
  std::optional<std::string> auth_code;
  std::optional<std::string> code_verifier;
  std::optional<std::string> provider;
  std::optional<std::string> id_token;
  std::optional<std::string> nonce;
  std::optional<std::string> access_token;
  std::optional<bool> link_identity;
};
BOOST_DESCRIBE_STRUCT(TokenRequest, (),
                      (email, password, refresh_token, auth_code, code_verifier, provider, id_token,
                       nonce, access_token, link_identity))

// A new account: with its session where sign-up opens one.
struct SignedUp {
  User user;
  std::optional<Session> session;
};

// Problem 400 validation_failed where a client may not store this about its user.
void check_user_data(const Context& context, const Settings& settings, const Json& data);

class AccountService {
 public:
  AccountService(const Settings& settings, const SessionService& sessions,
                 PasswordWorkshop& workshop, RateLimits& limits, const MailDesk& desk)
      : settings_(settings),
        sessions_(sessions),
        workshop_(workshop),
        limits_(limits),
        desk_(desk) {}

  // redirect_to: where the mail's link leads back to.
  // Problems: 422 anonymous_provider_disabled, signup_disabled, weak_password,
  // user_already_exists; 400 validation_failed; 429 over_email_send_rate_limit.
  // [fiber, suspends]
  SignedUp sign_up(Context& context, const SignUpRequest& wanted,
                   const std::optional<std::string>& redirect_to);

  // Problem 400 invalid_credentials, after the same work whether or not the address is known.
  // [fiber, suspends]
  Session sign_in(Context& context, const TokenRequest& given);

  // Problem 422 weak_password.
  void check_password(std::string_view password) const;

 private:
  NewAccount checked(Context& context, const SignUpRequest& wanted) const;
  SignedUp sign_up_by_mail(Context& context, const NewAccount& account, const SignUpRequest& wanted,
                           const std::optional<std::string>& redirect_to) const;

  const Settings& settings_;
  const SessionService& sessions_;
  PasswordWorkshop& workshop_;
  RateLimits& limits_;
  const MailDesk& desk_;
};

}  // namespace calixo::auth
