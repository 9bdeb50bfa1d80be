// Verified tokens of one loop, by their exact bytes: verification costs a signature, a look-up here
// a hash. Least recently used go first. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/principal.hpp"
#include "http/principal_changes.hpp"

namespace calixo::host {

class TokenCache {
 public:
  struct Limits {
    std::size_t entries_max = 10'000;
    std::size_t bytes_max = 8 * 1024 * 1024;
    std::int64_t age_s_max = 5;  // how late a revoked session may be noticed that nobody told of
  };
  // changes: whom to forget, asked at each find; nullptr: nobody tells.
  explicit TokenCache(const Limits& limits, const PrincipalChanges* changes = nullptr)
      : limits_(limits), changes_(changes), epoch_(changes == nullptr ? 0 : changes->epoch()) {}

  // nullptr: unknown, expired or too old. now_s: Unix seconds.
  std::shared_ptr<const Principal> find(std::string_view token, std::int64_t now_s);
  void add(std::string_view token, std::shared_ptr<const Principal> principal, std::int64_t now_s);
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string token;
    std::shared_ptr<const Principal> principal;
    std::int64_t stale_at_s;
    std::size_t bytes;
  };
  using Position = std::list<Entry>::iterator;
  void remove(Position entry);
  void remove_subject(std::string_view id, Position entry);
  void forget_changed();
  void forget(const std::string& id);

  Limits limits_;
  const PrincipalChanges* changes_;
  std::uint64_t epoch_;                                      // of the changes that are taken in
  std::list<Entry> entries_;                                 // most recently used first
  std::unordered_map<std::string_view, Position> by_token_;  // keys: Entry::token
  // By user and by session; keys: the principal's.
  std::unordered_multimap<std::string_view, Position> by_subject_;
  std::size_t bytes_ = 0;
};

}  // namespace calixo::host
