// Second factors and their challenges in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service. Bytes are in bytea's text
// form.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

struct FactorRow {
  std::string id;
  std::string user_id;
  std::string status;  // "unverified" or "verified"
  std::int64_t last_step = 0;
  std::string secret;  // only where it was locked
};
BOOST_DESCRIBE_STRUCT(FactorRow, (), (id, user_id, status, last_step, secret))

struct NewFactor {
  std::string id;
  std::string user_id;
  std::optional<std::string> friendly_name;
  std::string secret;
};

// How many the account has and how many of them are verified. Until the transaction ends, others
// who ask the same wait. Factors that were begun and not finished within an hour are gone.
struct FactorCounts {
  std::int64_t total = 0;
  std::int64_t verified = 0;
};
BOOST_DESCRIBE_STRUCT(FactorCounts, (), (total, verified))
FactorCounts lock_factors(Transaction& tx, std::string_view user_id);

// A name that another factor of the account bears fails with a unique violation of this.
inline constexpr std::string_view kFactorNameConstraint = "mfa_factors_user_id_friendly_name_key";
void add_factor(Transaction& tx, const NewFactor& factor);

std::optional<FactorRow> find_factor(Database& service, std::string_view user_id,
                                     std::string_view factor_id);
// With its secret, and nobody else's until the transaction ends.
std::optional<FactorRow> lock_factor(Transaction& tx, std::string_view user_id,
                                     std::string_view factor_id);

// Wrong codes for this factor within the last minutes_max minutes.
std::int64_t recent_attempts(Database& service, std::string_view factor_id,
                             std::int64_t minutes_max);
void add_challenge(Database& service, std::string_view challenge_id, std::string_view factor_id,
                   std::int64_t lifetime_s);
// Takes one of a challenge's attempts; false where it is unknown, expired or has none left.
bool take_attempt(Transaction& tx, std::string_view challenge_id, std::string_view factor_id,
                  std::int64_t attempts_max);

// The factor is verified, its code is used, and its challenges are gone.
void confirm_factor(Transaction& tx, std::string_view factor_id, std::int64_t step);
void remove_factor(Transaction& tx, std::string_view factor_id);

void forget_expired_challenges(Database& service);

}  // namespace calixo::auth
