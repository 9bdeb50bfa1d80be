#include "rate_limit_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kHit = R"(
  insert into auth_rate_limits as known (key, hits, resets_at)
  values ($1, 1, clock_timestamp() + make_interval(secs => $2::float8))
  on conflict (key) do update set
    hits = case when known.resets_at > clock_timestamp() then known.hits + 1 else 1 end,
    resets_at = case when known.resets_at > clock_timestamp() then known.resets_at
                     else excluded.resets_at end
  returning hits, extract(epoch from resets_at - clock_timestamp())::float8 as resets_in_s)";

}  // namespace

Count count_hit(Database& service, const std::string& key, std::int64_t window_s) {
  return service.query(kHit, key, window_s)[0].as<Count>();
}

void take_back_hit(Database& service, const std::string& key) {
  service.execute("update auth_rate_limits set hits = greatest(hits - 1, 0) where key = $1", key);
}

void forget_hits(Database& service, const std::string& key) {
  service.execute("delete from auth_rate_limits where key = $1", key);
}

void forget_ended_windows(Database& service) {
  service.execute("delete from auth_rate_limits where resets_at < clock_timestamp()");
}

}  // namespace calixo::auth
