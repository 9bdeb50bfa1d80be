// Which statements are prepared on one connection: a bounded table by (role, SQL text), least
// recently used goes. By role, because a plan under row level security belongs to one.
// Not thread-safe: every connection owns one.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace calixo::host {

class StatementCache {
 public:
  struct Entry {
    std::uint64_t id = 0;
    std::string name;  // "c17", never used twice on a connection
    std::string role;
    std::string sql;
    bool is_ready = false;  // the server has answered its Parse
  };

  explicit StatementCache(std::size_t entries_max) : entries_max_(entries_max) {}

  // nullptr: not prepared, and no Parse under way. Counts as a use.
  const Entry* find(std::string_view role, std::string_view sql);

  // Makes room by closing the least recently used that is ready. nullptr where none is.
  const Entry* insert(std::string_view role, std::string_view sql);

  void confirm(std::uint64_t id);     // the Parse succeeded
  void forget(std::uint64_t id);      // it is not on the server
  void invalidate(std::uint64_t id);  // it is on the server, but of no use

  // Names that are to be deallocated on the server. Taking them empties the list.
  std::size_t closing_count() const { return closing_.size(); }
  std::vector<std::string> take_closing() { return std::exchange(closing_, {}); }

  std::size_t size() const { return entries_.size(); }
  void clear();  // the connection went away

 private:
  struct Key {
    std::string_view role;
    std::string_view sql;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.sql) * 31 + std::hash<std::string_view>()(key.role);
    }
  };
  using Entries = std::list<Entry>;  // most recently used first
  Entries::iterator find_id(std::uint64_t id);
  void erase(Entries::iterator entry);
  bool make_room();

  std::size_t entries_max_;
  std::uint64_t last_id_ = 0;
  Entries entries_;
  std::unordered_map<Key, Entries::iterator, KeyHash> by_key_;
  std::vector<std::string> closing_;
};

}  // namespace calixo::host
