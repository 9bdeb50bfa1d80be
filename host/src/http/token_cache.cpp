// A bounded map with a recency list; see the header.
#include "http/token_cache.hpp"

#include <algorithm>
#include <utility>

namespace calixo::host {
namespace {

constexpr std::size_t kEntryOverheadBytes = 384;  // nodes, buckets, control block

std::size_t cost_of(std::string_view token, const Principal& principal) {
  return kEntryOverheadBytes + token.size() + principal.claims_json.size() +
         principal.user_id.size() + principal.session_id.size();
}

}  // namespace

std::shared_ptr<const Principal> TokenCache::find(std::string_view token, std::int64_t now_s) {
  if (changes_ != nullptr && changes_->epoch() != epoch_) forget_changed();
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return nullptr;
  const auto entry = found->second;
  if (now_s >= entry->stale_at_s) {
    remove(entry);
    return nullptr;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->principal;
}

void TokenCache::add(std::string_view token, std::shared_ptr<const Principal> principal,
                     std::int64_t now_s) {
  if (const auto found = by_token_.find(token); found != by_token_.end()) remove(found->second);
  const std::size_t cost = cost_of(token, *principal);
  if (cost > limits_.bytes_max || limits_.entries_max == 0) return;
  while (!entries_.empty() &&
         (entries_.size() >= limits_.entries_max || bytes_ + cost > limits_.bytes_max)) {
    remove(std::prev(entries_.end()));
  }
  std::int64_t stale_at_s = now_s + limits_.age_s_max;
  if (principal->expires_at_s != 0) stale_at_s = std::min(stale_at_s, principal->expires_at_s);
  entries_.push_front({std::string(token), std::move(principal), stale_at_s, cost});
  by_token_.emplace(entries_.front().token, entries_.begin());
  for (const std::string* id :
       {&entries_.front().principal->user_id, &entries_.front().principal->session_id}) {
    if (!id->empty()) by_subject_.emplace(*id, entries_.begin());
  }
  bytes_ += cost;
}

void TokenCache::forget_changed() {
  const PrincipalChanges::News news = changes_->since(epoch_);
  epoch_ = news.epoch;
  while (news.is_all && !entries_.empty()) remove(entries_.begin());
  for (const std::string& id : news.ids) forget(id);
}

void TokenCache::forget(const std::string& id) {
  for (auto found = by_subject_.find(id); found != by_subject_.end();
       found = by_subject_.find(id)) {
    remove(found->second);
  }
}

void TokenCache::remove_subject(std::string_view id, Position entry) {
  const auto [first, last] = by_subject_.equal_range(id);
  const auto found =
      std::find_if(first, last, [&](const auto& one) { return one.second == entry; });
  if (found != last) by_subject_.erase(found);
}

void TokenCache::remove(Position entry) {
  bytes_ -= entry->bytes;
  remove_subject(entry->principal->user_id, entry);
  remove_subject(entry->principal->session_id, entry);
  by_token_.erase(entry->token);
  entries_.erase(entry);
}

}  // namespace calixo::host
