// What is known about callers beyond their access tokens: ended sessions, banned and erased
// accounts, roles that changed. Tokens live an hour; this holds at once.
// Read on every loop without waiting, written by one at a time.
#pragma once

#include <calixo/json.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace calixo::auth {

// One row of auth_changes: of a session, or of an account.
struct StandingChange {
  std::int64_t id = 0;   // a higher one overrides a lower one
  std::string subject;   // the session's or the user's id
  std::string app_role;  // from now on; empty: it is about access
  bool is_revoked = false;
  std::int64_t revoked_until_s = 0;  // Unix seconds; 0: for ever
  std::int64_t changed_at_s = 0;
};
BOOST_DESCRIBE_STRUCT(StandingChange, (),
                      (id, subject, app_role, is_revoked, revoked_until_s, changed_at_s))

class Standing {
 public:
  Standing();

  // The subjects about which something was new. One caller at a time.
  std::vector<std::string> take(const std::vector<StandingChange>& changes);
  // Forgets what no token that is still good can contradict. One caller at a time.
  void forget_before(std::int64_t unix_s);

  // Whether this session or account is refused. [any-thread]
  bool is_revoked(std::string_view user_id, std::string_view session_id, std::int64_t now_s) const;
  // Empty: as the token says. [any-thread]
  std::string app_role_of(std::string_view user_id) const;

 private:
  struct Word {
    std::int64_t access_id = 0, role_id = 0;  // of the change that said it
    bool is_revoked = false;
    std::int64_t revoked_until_s = 0;
    std::string app_role;
    std::int64_t changed_at_s = 0;  // the latest
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Words = std::unordered_map<std::string, Word, Hash, std::equal_to<>>;
  // Immutable snapshots, swapped: a change copies one of many small ones.
  using Shard = std::atomic<std::shared_ptr<const Words>>;
  static constexpr std::size_t kShardCount = 256;

  static bool apply(const StandingChange& change, Word& word);
  Shard& shard_of(std::string_view subject) { return shards_[Hash()(subject) % kShardCount]; }
  const Shard& shard_of(std::string_view subject) const {
    return shards_[Hash()(subject) % kShardCount];
  }
  bool is_refused(std::string_view subject, std::int64_t now_s) const;

  std::array<Shard, kShardCount> shards_;
};

}  // namespace calixo::auth
