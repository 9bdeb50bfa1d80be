// What many requests ask at the same time, done in one go: for writes that come in bursts.
//
//   Gathering<Step> steps_(plugin, 64, [&](const std::vector<Step*>& steps) { … });
//   steps_.add(context, {walk_id, count});   // the step, once a go that had it has ended
//
// While one go is under way, what comes meanwhile waits, and is the next one: alone it costs
// nothing, in a burst a commit is shared by all who wait for it.
#pragma once

#include <calixo/context.hpp>
#include <calixo/mutex.hpp>
#include <calixo/plugin.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace calixo {

// Owned by the plugin's object; [any-thread] but for what says otherwise.
template <class Item>
class Gathering {
 public:
  // Does all of them or, by throwing, none: then each is done again, alone, by its own request, so
  // that one bad item is nobody else's failure. What became of each it may write into it, once that
  // is sure. It must not use a request's Context. [fiber, suspends]
  using Go = std::function<void(const std::vector<Item*>& items)>;

  // A go has at most `items_max`. [startup]
  Gathering(const Plugin& plugin, std::size_t items_max, Go go)
      : items_max_(items_max), go_(std::move(go)), turn_(plugin) {}

  // The item as its go left it. Throws what the go throws with this item alone, and HostFailure
  // where the request ends first: whether it was done is then not known. A request with an
  // Idempotency-Key, whose effects are one transaction with its answer, goes alone.
  // [fiber, suspends]
  Item add(const Context& context, Item item) {
    const auto entry = std::make_shared<Entry>(std::move(item));
    const bool goes_alone = context.header("Idempotency-Key").has_value();
    if (!goes_alone) wait_for_a_go(entry);
    if (goes_alone || entry->state == State::failed) go_({&entry->item});
    return std::move(entry->item);
  }

 private:
  enum class State { waiting, done, failed };
  struct Entry {
    explicit Entry(Item given) : item(std::move(given)) {}
    Item item;
    State state = State::waiting;  // written and read by whose turn it is
  };
  using Entries = std::vector<std::shared_ptr<Entry>>;

  // Whose turn comes does what waits, its own and the others'; they find it done at theirs.
  void wait_for_a_go(const std::shared_ptr<Entry>& entry) {
    {
      const std::lock_guard guard(guard_);
      waiting_.push_back(entry);
    }
    try {
      const Mutex::Guard turn = turn_.lock();
      while (entry->state == State::waiting) lead(take_some());
    } catch (...) {
      const std::lock_guard guard(guard_);
      std::erase(waiting_, entry);
      throw;
    }
  }

  Entries take_some() {
    const std::lock_guard guard(guard_);
    const auto end =
        waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(items_max_, waiting_.size()));
    Entries some(waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
    return some;
  }

  void lead(const Entries& entries) {
    std::vector<Item*> items;
    for (const auto& entry : entries) items.push_back(&entry->item);
    State end = State::done;
    try {
      go_(items);
    } catch (...) {
      end = State::failed;
    }
    for (const auto& entry : entries) entry->state = end;
  }

  const std::size_t items_max_;
  const Go go_;
  Mutex turn_;
  std::mutex guard_;  // of waiting_; never held across a suspension
  Entries waiting_;
};

}  // namespace calixo
