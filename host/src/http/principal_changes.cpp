#include "http/principal_changes.hpp"

namespace calixo::host {

void PrincipalChanges::forget(std::string_view id) {
  const std::lock_guard lock(mutex_);
  ids_.emplace_back(id);
  if (ids_.size() > kRememberedMax) ids_.pop_front();
  epoch_.fetch_add(1, std::memory_order_release);
}

void PrincipalChanges::forget_all() {
  const std::lock_guard lock(mutex_);
  ids_.clear();
  all_forgotten_ = epoch_.fetch_add(1, std::memory_order_release) + 1;
}

PrincipalChanges::News PrincipalChanges::since(std::uint64_t epoch) const {
  const std::lock_guard lock(mutex_);
  News news;
  news.epoch = epoch_.load(std::memory_order_relaxed);
  const std::uint64_t behind = news.epoch - epoch;
  news.is_all = epoch < all_forgotten_ || behind > ids_.size();
  if (!news.is_all) news.ids.assign(ids_.end() - static_cast<std::ptrdiff_t>(behind), ids_.end());
  return news;
}

}  // namespace calixo::host
