#include "db/statement_cache.hpp"

#include <algorithm>
#include <iterator>

namespace calixo::host {

const StatementCache::Entry* StatementCache::find(std::string_view role, std::string_view sql) {
  const auto found = by_key_.find(Key{role, sql});
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &*found->second;
}

const StatementCache::Entry* StatementCache::insert(std::string_view role, std::string_view sql) {
  if (!make_room()) return nullptr;
  const std::uint64_t id = ++last_id_;
  entries_.push_front(
      Entry{id, "c" + std::to_string(id), std::string(role), std::string(sql), false});
  const Entry& entry = entries_.front();
  by_key_.emplace(Key{entry.role, entry.sql}, entries_.begin());
  return &entry;
}

// An entry whose Parse is under way stays: whether it has to be closed is not known yet.
bool StatementCache::make_room() {
  if (entries_.size() < entries_max_) return true;
  const auto oldest = std::find_if(entries_.rbegin(), entries_.rend(),
                                   [](const Entry& entry) { return entry.is_ready; });
  if (oldest == entries_.rend()) return false;
  invalidate(oldest->id);
  return true;
}

void StatementCache::confirm(std::uint64_t id) {
  if (const auto entry = find_id(id); entry != entries_.end()) entry->is_ready = true;
}

void StatementCache::forget(std::uint64_t id) {
  if (const auto entry = find_id(id); entry != entries_.end()) erase(entry);
}

void StatementCache::invalidate(std::uint64_t id) {
  const auto entry = find_id(id);
  if (entry == entries_.end()) return;
  closing_.push_back(entry->name);
  erase(entry);
}

void StatementCache::clear() {
  by_key_.clear();
  entries_.clear();
  closing_.clear();
}

StatementCache::Entries::iterator StatementCache::find_id(std::uint64_t id) {
  return std::find_if(entries_.begin(), entries_.end(),
                      [id](const Entry& entry) { return entry.id == id; });
}

void StatementCache::erase(Entries::iterator entry) {
  by_key_.erase(Key{entry->role, entry->sql});
  entries_.erase(entry);
}

}  // namespace calixo::host
