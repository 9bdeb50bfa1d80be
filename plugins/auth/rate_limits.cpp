#include "rate_limits.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>

#include "encoding.hpp"
#include "rate_limit_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kRemembered = 10'000;
constexpr std::int64_t kSecond_us = 1'000'000;

std::string key_of(const Limited& limited) {
  return bytea(sha256(std::string(limited.what) + '\0' + limited.subject));
}

[[noreturn]] void refuse_request(const Limited& limited, Timestamp until, Timestamp now) {
  const std::int64_t left_s = (until.unix_us - now.unix_us + kSecond_us - 1) / kSecond_us;
  throw Problem(limited.status, "over_request_rate_limit")
      .retry_after_s(static_cast<std::uint32_t>(std::max<std::int64_t>(left_s, 1)));
}

}  // namespace

void RateLimits::take(Context& context, const Limited& limited) {
  if (!settings_.limits.enabled.get() || limited.hits_max == 0) return;
  const std::string key = key_of(limited);
  const Timestamp now = context.now();
  if (const auto until = refused_until(key, now)) refuse_request(limited, *until, now);
  Database db = context.service_db();
  const Count count = count_hit(db, key, settings_.limits.window_s.get());
  if (count.hits <= limited.hits_max) return;
  const auto left_us = static_cast<std::int64_t>(std::ceil(count.resets_in_s * kSecond_us));
  const Timestamp until{now.unix_us + left_us};
  refuse(key, until, now);
  refuse_request(limited, until, now);
}

void RateLimits::give_back(Context& context, const Limited& limited) {
  if (!settings_.limits.enabled.get() || limited.hits_max == 0) return;
  Database db = context.service_db();
  take_back_hit(db, key_of(limited));
}

void RateLimits::forgive(Context& context, const Limited& limited) {
  if (!settings_.limits.enabled.get() || limited.hits_max == 0) return;
  Database db = context.service_db();
  forget_hits(db, key_of(limited));
}

std::string RateLimits::client_of(const Context& context) {
  std::string address(context.client_address());
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) return address.substr(address.rfind(':') + 1);
  std::fill(parsed.s6_addr + 8, parsed.s6_addr + 16, std::uint8_t{0});
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, &parsed, text, sizeof text);
}

std::optional<Timestamp> RateLimits::refused_until(const std::string& key, Timestamp now) {
  const auto guard = mutex_.lock();
  const auto found = refused_.find(key);
  if (found == refused_.end()) return std::nullopt;
  if (found->second.unix_us > now.unix_us) return found->second;
  refused_.erase(found);
  return std::nullopt;
}

void RateLimits::refuse(const std::string& key, Timestamp until, Timestamp now) {
  const auto guard = mutex_.lock();
  if (refused_.size() >= kRemembered) {
    std::erase_if(refused_, [&](const auto& one) { return one.second.unix_us <= now.unix_us; });
  }
  if (refused_.size() < kRemembered) refused_.insert_or_assign(key, until);
}

}  // namespace calixo::auth
