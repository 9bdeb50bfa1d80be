// Limits per account and per client, over all nodes: a fixed window of auth.limit_window_s. What is
// refused once is refused from memory until its window ends, so that a flood costs no statements.
#pragma once

#include <calixo/plugin.hpp>

#include <string>
#include <string_view>
#include <unordered_map>

#include "settings.hpp"

namespace calixo::auth {

// Who is counted, for what. Keys of the database hold a digest of it, no address.
struct Limited {
  std::string_view what;      // "sign_in"
  std::string subject;        // an e-mail address, or client_of()
  std::int64_t hits_max = 0;  // in a window
  std::int32_t status = 429;  // of the refusal
};

class RateLimits {
 public:
  RateLimits(Plugin& plugin, const Settings& settings) : settings_(settings), mutex_(plugin) {}

  // Counts one. Problem over_request_rate_limit with Retry-After once there are too many; nothing
  // where auth.limits_enabled is false. [fiber, suspends]
  void take(Context& context, const Limited& limited);
  // That one was no guess; earlier ones stay counted. [fiber, suspends]
  void give_back(Context& context, const Limited& limited);
  // Forgets all that was counted: whoever it was knows the secret. [fiber, suspends]
  void forgive(Context& context, const Limited& limited);

  // The client's address; of IPv6 the /64 that one line has.
  static std::string client_of(const Context& context);

 private:
  std::optional<Timestamp> refused_until(const std::string& key, Timestamp now);
  void refuse(const std::string& key, Timestamp until, Timestamp now);

  const Settings& settings_;
  Mutex mutex_;
  std::unordered_map<std::string, Timestamp> refused_;
};

}  // namespace calixo::auth
