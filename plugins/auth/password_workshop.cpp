#include "password_workshop.hpp"

#include <algorithm>
#include <thread>

#include "password.hpp"

namespace calixo::auth {
namespace {

constexpr std::uint32_t kRetryAfter_s = 1;

std::size_t place_count(std::int64_t configured) {
  if (configured > 0) return static_cast<std::size_t>(configured);
  return std::max(1u, std::thread::hardware_concurrency() / 2);
}

// Counts whoever is here, working or waiting.
class Arrival {
 public:
  Arrival(std::atomic<std::int64_t>& arrived, std::int64_t limit) : arrived_(arrived) {
    if (arrived_.fetch_add(1, std::memory_order_relaxed) < limit) return;
    arrived_.fetch_sub(1, std::memory_order_relaxed);
    throw Problem(503, "over_capacity").retry_after_s(kRetryAfter_s);
  }
  ~Arrival() { arrived_.fetch_sub(1, std::memory_order_relaxed); }
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;

 private:
  std::atomic<std::int64_t>& arrived_;
};

}  // namespace

void PasswordWorkshop::open() {
  const std::size_t count = place_count(settings_.passwords.hashes_in_flight_max.get());
  for (std::size_t i = 0; i < count; ++i) places_.push_back(std::make_unique<Mutex>(plugin_));
}

template <class Work>
auto PasswordWorkshop::run(Context& context, Work work) {
  const auto in_flight = static_cast<std::int64_t>(places_.size());
  const Arrival arrival(arrived_, in_flight + settings_.passwords.hashes_waiting_max.get());
  const std::size_t place = next_.fetch_add(1, std::memory_order_relaxed) % places_.size();
  const auto guard = places_[place]->lock();
  try {
    return context.run_blocking(work);
  } catch (const HostFailure& failure) {
    if (failure.status() != CALIXO_LIMIT) throw;
    throw Problem(503, "over_capacity").retry_after_s(kRetryAfter_s);
  }
}

std::string PasswordWorkshop::hash(Context& context, std::string_view password) {
  return run(context, [&] { return hash_password(password); });
}

bool PasswordWorkshop::matches(Context& context, std::string_view password,
                               const std::string& encoded) {
  const bool has_hash = !encoded.empty();
  return run(context, [&] {
    return password_matches(password, has_hash ? encoded : decoy_hash()) && has_hash;
  });
}

}  // namespace calixo::auth
