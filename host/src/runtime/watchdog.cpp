#include "runtime/watchdog.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "runtime/crash_report.hpp"
#include "runtime/loop_core.hpp"

namespace calixo::host {

struct Watchdog::Impl {
  struct Watched {
    EventLoop* loop;
    LoopCore* core;
    std::uint64_t steps = 0;
    MonotonicClock::time_point since{};  // when this step was first seen
    bool is_reported = false;
    bool is_given_up = false;
  };

  void watch();
  void look_at(Watched& watched);

  std::vector<Watched> loops;
  Limits limits;
  Report on_blocked, on_stuck;
  std::mutex mutex;
  std::condition_variable ending;
  bool is_ending = false;
  std::thread thread;
};

void Watchdog::Impl::watch() {
  ::pthread_setname_np(::pthread_self(), "watchdog");
  const auto interval = std::max(limits.threshold / 4, std::chrono::milliseconds(1));
  std::unique_lock lock(mutex);
  while (!ending.wait_for(lock, interval, [this] { return is_ending; })) {
    for (Watched& watched : loops) look_at(watched);
  }
}

void Watchdog::Impl::look_at(Watched& watched) {
  const MonotonicClock::time_point now = MonotonicClock::now();
  const std::uint64_t steps = watched.core->steps();
  if (steps != watched.steps || !watched.core->is_busy()) {
    watched.steps = steps;
    watched.since = now;
    watched.is_reported = watched.is_given_up = false;
    watched.core->set_held_since({});
    return;
  }
  const auto held = std::chrono::duration_cast<std::chrono::milliseconds>(now - watched.since);
  const bool is_news = !watched.is_reported && held >= limits.threshold;
  const bool is_stuck = !watched.is_given_up && limits.stuck.count() > 0 && held >= limits.stuck;
  if (!is_news && !is_stuck) return;
  const std::string label = watched.core->running_label();
  if (watched.core->steps() != steps) return;  // ended meanwhile: the label may be another's
  const std::string_view name = label.empty() ? std::string_view("loop") : std::string_view(label);
  if (is_news) {
    watched.is_reported = true;
    watched.core->count_blocked();
    watched.core->set_held_since(watched.since);
    on_blocked(name, held);
  }
  if (is_stuck) {
    watched.is_given_up = true;
    if (on_stuck) on_stuck(name, held);
    crash_report::report_held(watched.core->thread());
  }
}

Watchdog::Watchdog(std::vector<EventLoop*> loops, const Limits& limits, Report on_blocked,
                   Report on_stuck)
    : impl_(std::make_unique<Impl>()) {
  for (EventLoop* const loop : loops) {
    impl_->loops.push_back(
        {.loop = loop, .core = &LoopCore::of(*loop), .since = MonotonicClock::now()});
  }
  impl_->limits = limits;
  impl_->on_blocked = std::move(on_blocked);
  impl_->on_stuck = std::move(on_stuck);
  impl_->thread = std::thread([impl = impl_.get()] { impl->watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->is_ending = true;
  }
  impl_->ending.notify_all();
  impl_->thread.join();
}

}  // namespace calixo::host
