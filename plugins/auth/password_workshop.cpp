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

}  // namespace

void PasswordWorkshop::open() {
  const std::size_t count = place_count(settings_.passwords.hashes_in_flight_max.get());
  for (std::size_t i = 0; i < count; ++i) places_.push_back(std::make_unique<Mutex>(plugin_));
}

PasswordWorkshop::Place::Place(PasswordWorkshop& workshop) : workshop_(workshop) {
  const auto places = static_cast<std::int64_t>(workshop.places_.size());
  const std::int64_t limit = places + workshop.settings_.passwords.hashes_waiting_max.get();
  if (workshop.arrived_.fetch_add(1, std::memory_order_relaxed) >= limit) {
    workshop.arrived_.fetch_sub(1, std::memory_order_relaxed);
    throw too_many();
  }
  const std::size_t turn = workshop.next_.fetch_add(1, std::memory_order_relaxed);
  guard_.emplace(workshop.places_[turn % workshop.places_.size()]->lock());
}

PasswordWorkshop::Place::~Place() { workshop_.arrived_.fetch_sub(1, std::memory_order_relaxed); }

Problem PasswordWorkshop::too_many() {
  return Problem(503, "over_capacity").retry_after_s(kRetryAfter_s);
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
