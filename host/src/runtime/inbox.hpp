// Tasks handed to a loop by any thread, and the descriptor that wakes it from its sleep.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "runtime/task.hpp"

namespace calixo::host {

class Inbox {
 public:
  Inbox();
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  // The inbox is not touched any more once the task can run, so a task may end the loop.
  void post(Task task);  // [any-thread]

  int wake_descriptor() const { return wake_descriptor_; }

  // False where tasks are waiting; else the next post() makes the descriptor readable. [loop]
  bool prepare_sleep();
  void woken();  // [loop]
  bool is_empty() const { return !has_tasks_.load(std::memory_order_acquire); }

  // Runs what was posted before the call, and after_each after each. [loop]
  template <class AfterEach>
  void run_posted(AfterEach after_each) {
    take_posted();
    for (Task& task : running_) {
      task();
      task = nullptr;  // what it holds ends before the next one runs
      after_each();
    }
    running_.clear();
  }

 private:
  void take_posted();

  std::mutex mutex_;
  std::vector<Task> posted_;
  bool is_asleep_ = false;
  std::atomic<bool> has_tasks_{false};
  int wake_descriptor_;
  std::vector<Task> running_;  // the loop's own; keeps its capacity
};

}  // namespace calixo::host
