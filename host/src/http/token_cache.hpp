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

#include "http/principal.hpp"

namespace calixo::host {

class TokenCache {
 public:
  struct Limits {
    std::size_t entries_max = 10'000;
    std::size_t bytes_max = 8 * 1024 * 1024;
    std::int64_t age_s_max = 5;  // how late a revoked session may be noticed
  };
  explicit TokenCache(const Limits& limits) : limits_(limits) {}

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
  void remove(std::list<Entry>::iterator entry);

  Limits limits_;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_token_;  // keys: Entry::token
  std::size_t bytes_ = 0;
};

}  // namespace calixo::host
