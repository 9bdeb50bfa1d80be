#include "events/ear.hpp"

#include "log/log.hpp"

namespace calixo::host {

Ear::Ear(EarKind kind, std::shared_ptr<Lane::Shared> shared)
    : kind_(std::move(kind)), shared_(std::move(shared)) {
  shared_->signals->add(kind_.signal, wake_up_);
}

void Ear::start(EventLoop& loop) {
  shared_->tally.add();
  loop.post([self = shared_from_this()] {
    const bool is_started = EventLoop::current()->spawn([self] {
      self->hear_for_ever();
      self->shared_->tally.remove();
    }) != nullptr;
    if (is_started) return;
    log::error("a signal is not heard", {{"signal", self->kind_.signal}, {"reason", "no fiber"}});
    self->shared_->tally.remove();
  });
}

void Ear::hear_for_ever() {
  Fiber* const fiber = Fiber::current();
  fiber->set_label(kind_.label);
  while (!shared_->is_draining) {
    fiber->set_deadline(Deadline::in(shared_->options.timeout));
    kind_.hear();
    fiber->set_deadline(Deadline::never());
    if (wake_up_->wait(Deadline::in(shared_->options.poll_interval)) == WaitStatus::cancelled) {
      return;
    }
  }
}

}  // namespace calixo::host
