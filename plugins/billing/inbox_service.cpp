#include "inbox_service.hpp"

#include "job_key.hpp"
#include "projection_store.hpp"

namespace calixo::billing {
namespace {

Facts read_facts(const std::string& body) {
  if (body.empty()) return {};  // erased with its person
  try {
    return facts_of(parse_json<Json>(body));
  } catch (const Problem& problem) {
    throw UnreadableEvent(problem.message());
  }
}

}  // namespace

// A run is bound to its event's state, not to its transaction: it may be repeated.
InboxService::InboxService(Plugin& plugin, const PremiumService& premium,
                           const RefetchService& refetch, const RedemptionsService& redemptions)
    : plugin_(plugin),
      premium_(premium),
      refetch_(refetch),
      redemptions_(redemptions),
      deferred_(plugin),
      apply_(plugin.job<EventRef>("apply_event", [this](JobContext& job, const EventRef& event) {
        job.transaction([&](Transaction& tx) { apply(tx, event.event_id); });
      })) {}

// The event travels with its job, in one round trip. One that is there already gets a job as well,
// which finds it finished, or waits for it and then does.
void InboxService::keep(Context& context, const EventHead& event, std::string_view body) const {
  context.service_transaction([&](Transaction& tx) {
    store_event_later(deferred_, tx.handle(), event, body);
    apply_.enqueue(tx, {event.id}, {.unique_key = job_key(event.id)});
  });
}

bool InboxService::replay(const std::string& event_id) const {
  return plugin_.service_transaction([&](Transaction& tx) {
    if (!reopen_event(tx, event_id)) return false;
    apply_.enqueue(tx, {event_id}, {.unique_key = job_key(event_id)});
    return true;
  });
}

void InboxService::apply(Transaction& tx, const std::string& event_id) const {
  const auto body = lock_open_event(tx, event_id);
  if (!body) return;
  try {
    const Facts facts = read_facts(*body);
    take(tx, facts);
    mark_applied(tx, event_id, facts.customer_id);
  } catch (const UnreadableEvent& unreadable) {
    plugin_.log().error("stripe event refused",
                        {{"event_id", event_id}, {"reason", unreadable.what()}});
    mark_refused(tx, event_id, unreadable.what());
  }
}

void InboxService::take(Transaction& tx, const Facts& facts) const {
  const std::vector<std::string> people = people_of(tx, facts);
  if (facts.subscription) {
    const SubscriptionRow row =
        joined(find_subscription(tx, facts.subscription->id), *facts.subscription);
    save_subscription(tx, row);
    if (row.is_tied) refetch_.order(tx, row, plugin_.now());
  }
  if (facts.payment) save_payment(tx, join(lock_payment(tx, *facts.payment), *facts.payment));
  for (const std::string& person : people) premium_.settle(tx, person);
  if (facts.coupon) redemptions_.complete(tx, *facts.coupon);
}

std::vector<std::string> InboxService::people_of(Transaction& tx, const Facts& facts) const {
  std::vector<std::string> people;
  if (facts.customer_id.empty()) return people;
  const auto present = lock_customer(tx, facts.customer_id);
  if (present) people.push_back(present->user_id);
  if (!facts.link) return people;
  const CustomerLink link = joined(present, *facts.link);
  if (link == present || !link_customer(tx, facts.customer_id, link)) return people;
  if (people.empty() || people.front() != link.user_id) people.push_back(link.user_id);
  return people;
}

}  // namespace calixo::billing
