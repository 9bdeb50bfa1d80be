#include "inbox_service.hpp"

#include <exception>
#include <utility>

#include "job_key.hpp"

namespace calixo::billing {
namespace {

constexpr std::size_t kStoredAtOnceMax = 64;  // and applied: a transaction's length

Facts read_facts(const std::string& body) {
  if (body.empty()) return {};  // erased with its person
  try {
    return facts_of(parse_json<Json>(body));
  } catch (const Problem& problem) {
    throw UnreadableEvent(problem.message());
  }
}

}  // namespace

// A run is bound to its events' state, not to its transaction: it may be repeated.
InboxService::InboxService(Plugin& plugin, const ProjectionService& projection)
    : plugin_(plugin),
      projection_(projection),
      apply_all_(plugin
                     .job<EventRefs>("apply_events",
                                     [this](JobContext& job, const EventRefs& events) {
                                       apply_all(job, events.event_ids);
                                     })
                     .one_at_a_time()),
      apply_one_(plugin.job<EventRef>("apply_event",
                                      [this](JobContext& job, const EventRef& event) {
                                        job.transaction(
                                            [&](Transaction& tx) { apply(tx, {event.event_id}); });
                                      })),
      deliveries_(plugin, kStoredAtOnceMax,
                  [this](const std::vector<const Delivery*>& some) { store(some); }) {}

void InboxService::keep(const Context& context, EventHead head, std::string_view body) {
  deliveries_.add(context, {std::move(head), std::string(body)});
}

// Those that are there already are in the job as well: it finds them finished, or waits for who
// stores them and then does.
void InboxService::store(const std::vector<const Delivery*>& deliveries) const {
  EventRefs stored;
  for (const Delivery* delivery : deliveries) stored.event_ids.push_back(delivery->head.id);
  plugin_.service_transaction([&](Transaction& tx) {
    store_events(tx, deliveries);
    apply_all_.enqueue(tx, stored);
  });
}

bool InboxService::replay(const std::string& event_id) const {
  return plugin_.service_transaction([&](Transaction& tx) {
    if (!reopen_event(tx, event_id)) return false;
    apply_one_.enqueue(tx, {event_id}, {.unique_key = job_key(event_id)});
    return true;
  });
}

void InboxService::apply_all(JobContext& job, const std::vector<std::string>& event_ids) const {
  try {
    job.transaction([&](Transaction& tx) { apply(tx, event_ids); });
  } catch (const std::exception&) {
    apply_each(job, event_ids);
  }
}

// One that fails has its own attempts and its own dead letter, and holds up no other.
void InboxService::apply_each(JobContext& job, const std::vector<std::string>& event_ids) const {
  for (const std::string& id : event_ids) {
    try {
      job.transaction([&](Transaction& tx) { apply(tx, {id}); });
    } catch (const std::exception&) {
      apply_one_.enqueue(job, {id}, {.unique_key = job_key(id)});
    }
  }
}

void InboxService::apply(Transaction& tx, const std::vector<std::string>& event_ids) const {
  std::vector<std::string> ids, customer_ids;
  std::vector<Facts> events;
  for (const OpenEvent& event : lock_open_events(tx, event_ids)) {
    try {
      events.push_back(read_facts(event.body));
      ids.push_back(event.id);
      customer_ids.push_back(events.back().customer_id);
    } catch (const UnreadableEvent& unreadable) {
      plugin_.log().error("stripe event refused",
                          {{"event_id", event.id}, {"reason", unreadable.what()}});
      mark_refused(tx, event.id, unreadable.what());
    }
  }
  if (events.empty()) return;
  projection_.take(tx, events);
  mark_applied(tx, ids, customer_ids);
}

}  // namespace calixo::billing
