// Opens, refreshes and ends sessions, by the rules of refresh-token rotation.
#pragma once

#include <calixo/plugin.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "access_token.hpp"
#include "account.hpp"
#include "session_store.hpp"
#include "settings.hpp"

namespace calixo::auth {

// The wire format's answer to a sign-in.
struct Session {
  std::string access_token;
  std::string token_type;
  std::int64_t expires_in = 0;
  std::int64_t expires_at = 0;
  std::string refresh_token;
  User user;
  std::optional<std::string> provider_token;
  std::optional<std::string> provider_refresh_token;
};
BOOST_DESCRIBE_STRUCT(Session, (),
                      (access_token, token_type, expires_in, expires_at, refresh_token, user,
                       provider_token, provider_refresh_token))
CALIXO_RULES(Session) {
  rules.at<&Session::provider_token>().omit_empty().describe(
      "Opens the provider's own services; only in the answer that follows a sign-in there");
  rules.at<&Session::provider_refresh_token>().omit_empty().describe("The same, to renew it");
}

class SessionService {
 public:
  explicit SessionService(const Settings& settings) : settings_(settings) {}

  // [any-thread]; before it no session can be answered.
  void use_keys(std::shared_ptr<const AccessTokens> tokens) { tokens_.store(std::move(tokens)); }

  std::shared_ptr<const AccessTokens> keys() const { return tokens_.load(); }

  // A session that is still to be stored, and the refresh token that opens it.
  struct Opening {
    NewSession session;
    std::string refresh_token;
  };
  // method: of the amr claim, "password", "otp", "oauth".
  Opening open(const std::string& user_id, std::string_view method, Timestamp now) const;
  Session answer(const Account& account, const Opening& opening, Timestamp now) const;

  // How somebody proved who they are.
  struct Entry {
    std::string method;    // of the amr claim
    std::string provider;  // the identity that was used: "email", "google"
  };
  // Opens a session of an account that was proved. Problems 400 user_banned, invalid_credentials
  // (erased meanwhile). [fiber, suspends]
  Session enter(Context& context, Account account, const Entry& entry) const;

  // The session that goes on. Problem 400 refresh_token_not_found or refresh_token_already_used,
  // the latter having ended the session. [fiber, suspends]
  Session refresh(Context& context, const std::string& refresh_token) const;

  // The session as it stands now, with another refresh token, for a caller who shows its access
  // token: what it may do has changed. Problem 403 session_not_found, 400 user_banned.
  // [fiber, suspends]
  Session renew(Context& context, const std::string& session_id) const;

 private:
  Session answer(const Account& account, const SessionClaims& session,
                 const std::string& refresh_token, Timestamp now) const;

  const Settings& settings_;
  std::atomic<std::shared_ptr<const AccessTokens>> tokens_;  // rotated while others read
};

}  // namespace calixo::auth
