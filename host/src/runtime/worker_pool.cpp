#include "runtime/worker_pool.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/completion.hpp"
#include "runtime/crash_report.hpp"

namespace calixo::host {

struct WorkerPool::Impl {
  explicit Impl(const Options& wanted) : options(wanted) {}

  void work();
  bool submit(Task task);

  static constinit thread_local const Impl* of_this_thread;

  const Options options;
  mutable std::mutex mutex;
  std::condition_variable wanted_or_ending;
  std::deque<Task> queue;
  bool is_ending = false;
  std::vector<std::thread> threads;
};

constinit thread_local const WorkerPool::Impl* WorkerPool::Impl::of_this_thread = nullptr;

void WorkerPool::Impl::work() {
  ::pthread_setname_np(::pthread_self(), options.name.substr(0, 15).c_str());
  of_this_thread = this;
  const crash_report::AlternateStack alternate_stack;
  std::unique_lock lock(mutex);
  for (;;) {
    wanted_or_ending.wait(lock, [this] { return is_ending || !queue.empty(); });
    if (queue.empty()) return;
    Task task = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

bool WorkerPool::Impl::submit(Task task) {
  {
    const std::lock_guard lock(mutex);
    if (queue.size() >= options.queue_length_max) return false;
    queue.push_back(std::move(task));
  }
  wanted_or_ending.notify_one();
  return true;
}

WorkerPool::WorkerPool(const Options& options) : impl_(std::make_unique<Impl>(options)) {
  const std::size_t count = std::max<std::size_t>(options.threads, 1);
  for (std::size_t i = 0; i < count; ++i) {
    impl_->threads.emplace_back([impl = impl_.get()] { impl->work(); });
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->is_ending = true;
  }
  impl_->wanted_or_ending.notify_all();
  for (std::thread& thread : impl_->threads) thread.join();
}

bool WorkerPool::submit(Task task) { return impl_->submit(std::move(task)); }

bool WorkerPool::run(const std::function<void()>& work) {
  if (Impl::of_this_thread == impl_.get()) {  // waiting for a sibling could wait for ever
    work();
    return true;
  }
  // The wait below ends only after the worker completed it, so both may use this stack.
  std::exception_ptr failure;
  Completion ended;
  const bool is_queued = impl_->submit([&work, &failure, handle = ended.handle()] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    handle.complete();
  });
  if (!is_queued) return false;
  {
    const Fiber::Shield shield;
    ended.wait();
  }
  if (failure != nullptr) std::rethrow_exception(failure);
  return true;
}

std::size_t WorkerPool::queue_length() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->queue.size();
}

}  // namespace calixo::host
