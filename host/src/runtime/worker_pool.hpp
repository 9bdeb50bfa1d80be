// Threads for work that blocks or computes for long, with a bounded queue.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class WorkerPool {
 public:
  struct Options {
    std::string name = "worker";
    std::size_t threads = 4;
    std::size_t queue_length_max = 1024;
  };
  explicit WorkerPool(const Options& options);  // at least one thread
  ~WorkerPool();                                // finishes what is queued

  // False where the queue is full. [any-thread]
  bool submit(Task task);

  // Runs work on a worker thread and suspends until it ended, whatever happens to the caller.
  // False where the queue is full. An exception from work comes out here. [fiber, suspends]
  bool run(const std::function<void()>& work);

  std::size_t queue_length() const;  // [any-thread]

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
