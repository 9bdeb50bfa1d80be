#include "inbox_service.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "job_key.hpp"

namespace calixo::billing {
namespace {

constexpr std::size_t kAtOnceMax = 64;           // stored or applied in one transaction
constexpr std::chrono::milliseconds kPause{20};  // for those who wait for an answer
constexpr std::chrono::seconds kRunMax{10};
constexpr std::chrono::minutes kLookEvery{1};

Facts read_facts(const std::string& body) {
  if (body.empty()) return {};  // erased with its person
  try {
    return facts_of(parse_json<Json>(body));
  } catch (const Problem& problem) {
    throw UnreadableEvent(problem.message());
  }
}

}  // namespace

// Runs are bound to their events' state, not to a transaction: they may be repeated.
InboxService::InboxService(Plugin& plugin, const ProjectionService& projection)
    : plugin_(plugin),
      projection_(projection),
      apply_open_(plugin
                      .job<Inbox>("apply_open_events",
                                  [this](JobContext& job, const Inbox&) { apply_open(job); })
                      .timeout(kRunMax)
                      .one_at_a_time()),
      apply_one_(plugin.job<EventRef>("apply_event",
                                      [this](JobContext& job, const EventRef& event) {
                                        job.transaction([&](Transaction& tx) {
                                          apply(tx, lock_open_event(tx, event.event_id));
                                        });
                                      })),
      deliveries_(plugin, kAtOnceMax, [this](const std::vector<Delivery*>& some) { store(some); }) {
  // A run may have been given up, or have passed over what a node held that died since.
  plugin.every(kLookEvery, "look_for_open_events", [this](JobContext& job) {
    Database db = job.db();
    if (has_open_events(db)) apply_open_.enqueue(job, {});
  });
}

void InboxService::keep(const Context& context, EventHead head, std::string_view body) {
  deliveries_.add(context, {std::move(head), std::string(body)});
}

void InboxService::store(const std::vector<Delivery*>& deliveries) const {
  plugin_.service_transaction([&](Transaction& tx) {
    store_events(tx, deliveries);
    apply_open_.enqueue(tx, {});
  });
}

bool InboxService::replay(const std::string& event_id) const {
  return plugin_.service_transaction([&](Transaction& tx) {
    if (!reopen_event(tx, event_id)) return false;
    apply_one_.enqueue(tx, {event_id}, {.unique_key = job_key(event_id)});
    return true;
  });
}

// Those that came first, whichever go stored them: in a burst most runs find nothing left.
void InboxService::apply_open(JobContext& job) const {
  std::vector<std::string> ids;
  try {
    job.transaction([&](Transaction& tx) {
      const auto open = lock_open_events(tx, kAtOnceMax);
      ids.clear();
      for (const OpenEvent& event : open) ids.push_back(event.id);
      apply(tx, open);
    });
  } catch (const std::exception&) {
    if (ids.empty()) throw;
    apply_each(job, ids);
  }
  if (ids.size() == kAtOnceMax) apply_open_.enqueue(job, {});  // there may be more than runs
  if (!ids.empty()) job.sleep(kPause);
}

// One that fails has its own attempts and its own dead letter, and holds up no other.
void InboxService::apply_each(JobContext& job, const std::vector<std::string>& event_ids) const {
  for (const std::string& id : event_ids) {
    try {
      job.transaction([&](Transaction& tx) { apply(tx, lock_open_event(tx, id)); });
    } catch (const std::exception&) {
      job.transaction([&](Transaction& tx) {
        set_apart(tx, id);
        apply_one_.enqueue(tx, {id}, {.unique_key = job_key(id)});
      });
    }
  }
}

void InboxService::apply(Transaction& tx, const std::vector<OpenEvent>& open) const {
  std::vector<std::string> ids, customer_ids;
  std::vector<Facts> events;
  for (const OpenEvent& event : open) {
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
