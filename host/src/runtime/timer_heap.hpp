// The armed timers of a loop, soonest first: a binary heap whose timers know their place in it.
// Not thread-safe: every loop owns one.
#pragma once

#include <vector>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class TimerHeap {
 public:
  using Timer = EventLoop::Timer;

  TimerHeap() = default;
  ~TimerHeap();  // disarms what is left
  TimerHeap(const TimerHeap&) = delete;
  TimerHeap& operator=(const TimerHeap&) = delete;

  void arm(Timer& timer, Deadline at);
  static void cancel(Timer& timer);

  // When the given armed timer fires.
  Deadline due_at(const Timer& timer) const { return Deadline(entries_[timer.heap_index_].at); }

  bool is_empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  MonotonicClock::time_point soonest() const { return entries_.front().at; }  // not empty

  // Disarms the soonest timer and calls it.
  void fire_soonest();

 private:
  struct Entry {
    MonotonicClock::time_point at;
    Timer* timer;
  };

  void place(std::size_t index, Entry entry);
  void sift_up(std::size_t index, Entry entry);
  void sift_down(std::size_t index, Entry entry);
  void remove(std::size_t index);

  std::vector<Entry> entries_;
};

}  // namespace calixo::host
