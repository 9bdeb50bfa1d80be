#include "events/dispatcher.hpp"

#include "log/log.hpp"

namespace calixo::host {

Dispatcher::Dispatcher(Sources sources) : shared_(std::make_shared<Lane::Shared>()) {
  shared_->options = sources.outbox->options();
  shared_->loops = sources.loops;
  shared_->signals = sources.outbox->signals();
  subscriber_count_ = sources.subscribers.size();
  add_lanes(sources.subscribers, WorkQueue(*sources.database, kDeliveryQueue));
  add_lanes(sources.jobs, WorkQueue(*sources.database, kJobQueue));
  housekeeping_ = std::make_shared<Housekeeping>(
      *sources.database, shared_->options, shared_->signals, sources.subscribers, sources.jobs);
  housekeeping_->start(*sources.loops.front());
  std::size_t next = 0;
  for (const auto& lane : lanes_) lane->start(*sources.loops[next++ % sources.loops.size()]);
  for (EarKind& ear : sources.ears) {
    ears_.push_back(std::make_shared<Ear>(std::move(ear), shared_));
    ears_.back()->start(*sources.loops[next++ % sources.loops.size()]);
  }
  listener_.emplace(
      sources.database_url, "calixo_work",
      [signals = shared_->signals](std::string_view signal) { signals->wake(signal); });
}

Dispatcher::~Dispatcher() { drain(std::chrono::milliseconds(0)); }

void Dispatcher::add_lanes(const std::vector<WorkKind>& kinds, const WorkQueue& queue) {
  for (const WorkKind& kind : kinds) {
    lanes_.push_back(std::make_shared<Lane>(kind, queue, shared_));
  }
}

void Dispatcher::drain(std::chrono::milliseconds patience) {
  if (shared_->is_draining.exchange(true)) return;
  listener_.reset();
  housekeeping_->stop();
  for (const auto& lane : lanes_) lane->wake();
  for (const auto& ear : ears_) ear->wake();
  if (!shared_->tally.wait_until_none(patience)) {
    log::warn("deliveries or jobs did not end in time",
              {{"patience_ms", static_cast<long long>(patience.count())}});
  }
}

std::vector<Dispatcher::KindStats> Dispatcher::stats() const {
  const std::map<std::string, Backlog> backlogs = housekeeping_->backlogs();
  std::vector<KindStats> all;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const std::string& name = lanes_[i]->kind().name;
    const auto backlog = backlogs.find(name);
    all.push_back({name, i >= subscriber_count_, lanes_[i]->counts(),
                   backlog == backlogs.end() ? Backlog{} : backlog->second});
  }
  return all;
}

}  // namespace calixo::host
