// One person's attempt at a challenge, as its type's hooks see it: server-stamped times, who, the
// state that the type kept, and the database within the transaction that changes the attempt.
// Used by the hook that was given it, until it returns. Views live as long.
#pragma once

#include <calixo/abi/challenge_type.h>

#include <calixo/clock.hpp>
#include <calixo/db.hpp>
#include <calixo/json.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace calixo {

// What a hook is told of the attempt; good until the hook returns.
class AttemptView {
 public:
  // Made by the SDK, one a call.
  AttemptView(const detail::Host& host, const calixo_attempt& attempt)
      : host_(&host), attempt_(&attempt) {}

  // 0 where rules are checked.
  std::int64_t id() const { return attempt_->id; }
  // The template that it is of.
  std::int64_t challenge_id() const { return attempt_->challenge_id; }
  std::string_view user_id() const { return detail::view(attempt_->user_id); }  // UUID text
  // "es" or "en": whom messages are for.
  std::string_view language() const { return detail::view(attempt_->language); }

  // --- times, all of the database's clock ---
  // When the person began.
  Timestamp started_at() const { return {attempt_->started_at_us}; }
  // When the hook was called.
  Timestamp now() const { return {attempt_->now_us}; }
  // Whole seconds since the start, rounded down, never negative.
  std::int64_t elapsed_seconds() const {
    const std::int64_t elapsed_us = attempt_->now_us - attempt_->started_at_us;
    return elapsed_us < 0 ? 0 : elapsed_us / 1'000'000;
  }
  // Of progress that was accepted.
  std::optional<Timestamp> last_progress_at() const { return time(attempt_->last_progress_at_us); }
  // Nothing: never.
  std::optional<Timestamp> expires_at() const { return time(attempt_->expires_at_us); }
  // Progress that was accepted so far.
  std::uint32_t progress_count() const { return attempt_->progress_count; }

  // What verdict.keep() kept last; T's defaults where nothing was kept. Throws std::runtime_error
  // where it is no T: another version of the type kept it.
  template <detail::Described T>
  T state() const {
    try {
      return parse_json<T>(detail::view(attempt_->state_json));
    } catch (const Problem&) {
      throw std::runtime_error(
          "the state that was kept does not fit; read what older versions kept");
    }
  }

  // --- tables of the type's plugin, in the transaction that changes the attempt ---
  // As the caller: policies see auth.uid(). An expiry has no caller: there it is anonymous.
  Database db() const { return database(CALIXO_DB_AS_CALLER); }
  // As the type's plugin: auth.role() is service_role.
  Database service_db() const { return database(CALIXO_DB_AS_SERVICE); }

 private:
  static std::optional<Timestamp> time(std::int64_t unix_us) {
    if (unix_us == 0) return std::nullopt;
    return Timestamp{unix_us};
  }
  Database database(std::uint32_t as) const {
    if (attempt_->tx == nullptr) {
      throw std::logic_error("there is no transaction here: say needs_database()");
    }
    return Database(detail::DbTarget{host_, nullptr, attempt_->tx, as});
  }

  const detail::Host* host_;
  const calixo_attempt* attempt_;
};

}  // namespace calixo
