#include "runtime/timer_heap.hpp"

namespace calixo::host {

TimerHeap::~TimerHeap() {
  for (const Entry& entry : entries_) entry.timer->heap_ = nullptr;
}

void TimerHeap::arm(Timer& timer, Deadline at) {
  if (timer.heap_ != nullptr) cancel(timer);
  timer.heap_ = this;
  entries_.emplace_back();
  sift_up(entries_.size() - 1, Entry{at.at(), &timer});
}

void TimerHeap::cancel(Timer& timer) {
  if (timer.heap_ == nullptr) return;
  timer.heap_->remove(timer.heap_index_);
  timer.heap_ = nullptr;
}

void TimerHeap::fire_soonest() {
  Timer& timer = *entries_.front().timer;
  cancel(timer);
  timer.on_fire_();  // may have destroyed the timer
}

void TimerHeap::place(std::size_t index, Entry entry) {
  entries_[index] = entry;
  entry.timer->heap_index_ = index;
}

void TimerHeap::sift_up(std::size_t index, Entry entry) {
  while (index > 0) {
    const std::size_t parent = (index - 1) / 2;
    if (entries_[parent].at <= entry.at) break;
    place(index, entries_[parent]);
    index = parent;
  }
  place(index, entry);
}

void TimerHeap::sift_down(std::size_t index, Entry entry) {
  for (std::size_t child = 2 * index + 1; child < entries_.size(); child = 2 * index + 1) {
    if (child + 1 < entries_.size() && entries_[child + 1].at < entries_[child].at) ++child;
    if (entry.at <= entries_[child].at) break;
    place(index, entries_[child]);
    index = child;
  }
  place(index, entry);
}

void TimerHeap::remove(std::size_t index) {
  const Entry last = entries_.back();
  entries_.pop_back();
  if (index == entries_.size()) return;
  if (index > 0 && last.at < entries_[(index - 1) / 2].at) {
    sift_up(index, last);
  } else {
    sift_down(index, last);
  }
}

EventLoop::Timer::~Timer() { TimerHeap::cancel(*this); }

void EventLoop::Timer::cancel() { TimerHeap::cancel(*this); }

}  // namespace calixo::host
