#include "runtime/event_loop.hpp"

#include "runtime/loop_core.hpp"

namespace calixo::host {

EventLoop::EventLoop(const Options& options) : core_(std::make_unique<LoopCore>(*this, options)) {}

EventLoop::~EventLoop() = default;

EventLoop* EventLoop::current() {
  LoopCore* const core = LoopCore::current();
  return core == nullptr ? nullptr : &core->owner();
}

void EventLoop::run() { core_->run(); }

void EventLoop::stop() { core_->stop(); }

void EventLoop::post(Task task) { core_->post(std::move(task)); }

void EventLoop::defer(Task task) { core_->defer(std::move(task)); }

Fiber* EventLoop::spawn(Task body) { return core_->spawn(std::move(body)); }

void EventLoop::watch(int descriptor, std::uint32_t events, Watcher* watcher) {
  core_->descriptors().watch(descriptor, events, watcher);
}

void EventLoop::rewatch(int descriptor, std::uint32_t events, Watcher* watcher) {
  core_->descriptors().rewatch(descriptor, events, watcher);
}

void EventLoop::unwatch(int descriptor, Watcher* watcher) {
  core_->descriptors().unwatch(descriptor, watcher);
}

MonotonicClock::time_point EventLoop::now() const { return core_->now(); }

std::chrono::milliseconds EventLoop::held_for() const { return core_->held_for(); }
EventLoop::Stats EventLoop::stats() const { return core_->stats(); }

void EventLoop::Timer::arm(EventLoop& loop, Deadline at) { loop.core_->timers().arm(*this, at); }

}  // namespace calixo::host
