#include "standing/standing.hpp"

#include <algorithm>
#include <utility>

namespace calixo::auth {

Standing::Standing() {
  for (Shard& shard : shards_) shard.store(std::make_shared<const Words>());
}

bool Standing::apply(const StandingChange& change, Word& word) {
  const bool is_role = !change.app_role.empty();
  std::int64_t& known_id = is_role ? word.role_id : word.access_id;
  if (change.id <= known_id) return false;
  known_id = change.id;
  word.changed_at_s = std::max(word.changed_at_s, change.changed_at_s);
  if (is_role) {
    word.app_role = change.app_role;
  } else {
    word.is_revoked = change.is_revoked;
    word.revoked_until_s = change.revoked_until_s;
  }
  return true;
}

std::vector<std::string> Standing::take(const std::vector<StandingChange>& changes) {
  std::unordered_map<Shard*, std::shared_ptr<Words>> drafts;
  std::vector<std::string> changed;
  for (const StandingChange& change : changes) {
    Shard& shard = shard_of(change.subject);
    std::shared_ptr<Words>& draft = drafts[&shard];
    if (!draft) draft = std::make_shared<Words>(*shard.load());
    if (apply(change, (*draft)[change.subject])) changed.push_back(change.subject);
  }
  for (auto& [shard, draft] : drafts) shard->store(std::move(draft));
  return changed;
}

void Standing::forget_before(std::int64_t unix_s) {
  for (Shard& shard : shards_) {
    const std::shared_ptr<const Words> present = shard.load();
    const auto is_old = [&](const auto& one) { return one.second.changed_at_s < unix_s; };
    if (std::none_of(present->begin(), present->end(), is_old)) continue;
    auto rest = std::make_shared<Words>(*present);
    std::erase_if(*rest, is_old);
    shard.store(std::move(rest));
  }
}

bool Standing::is_refused(std::string_view subject, std::int64_t now_s) const {
  const std::shared_ptr<const Words> words = shard_of(subject).load();
  const auto found = words->find(subject);
  if (found == words->end() || !found->second.is_revoked) return false;
  return found->second.revoked_until_s == 0 || now_s < found->second.revoked_until_s;
}

bool Standing::is_revoked(std::string_view user_id, std::string_view session_id,
                          std::int64_t now_s) const {
  return is_refused(session_id, now_s) || is_refused(user_id, now_s);
}

std::string Standing::app_role_of(std::string_view user_id) const {
  const std::shared_ptr<const Words> words = shard_of(user_id).load();
  const auto found = words->find(user_id);
  return found == words->end() ? std::string() : found->second.app_role;
}

}  // namespace calixo::auth
