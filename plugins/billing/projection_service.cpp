#include "projection_service.hpp"

#include <map>
#include <optional>
#include <utility>

#include "projection_store.hpp"

namespace calixo::billing {
namespace {

// What is said of each, joined.
template <class Row>
std::map<std::string, Row> said_of(const std::vector<Facts>& events,
                                   std::optional<Row> Facts::*member) {
  std::map<std::string, Row> said;
  for (const Facts& facts : events) {
    const std::optional<Row>& row = facts.*member;
    if (!row) continue;
    const auto [place, is_new] = said.emplace(row->id, *row);
    if (!is_new) place->second = join(place->second, *row);
  }
  return said;
}

// Each of them, joined to what was known.
template <class Row>
std::vector<Row> joined_to(const std::map<std::string, Row>& known,
                           const std::map<std::string, Row>& said) {
  std::vector<Row> rows;
  for (const auto& [id, row] : said) {
    const auto present = known.find(id);
    rows.push_back(present == known.end() ? row : join(present->second, row));
  }
  return rows;
}

}  // namespace

void ProjectionService::take(Transaction& tx, const std::vector<Facts>& events) const {
  const std::set<std::string> people = people_of(tx, events);
  take_subscriptions(tx, events);
  take_payments(tx, events);
  for (const std::string& person : people) premium_.settle(tx, person);
  for (const Facts& facts : events) {
    if (facts.coupon) redemptions_.complete(tx, *facts.coupon);
  }
}

std::set<std::string> ProjectionService::people_of(Transaction& tx,
                                                   const std::vector<Facts>& events) const {
  std::set<std::string> customer_ids, people;
  for (const Facts& facts : events) {
    if (!facts.customer_id.empty()) customer_ids.insert(facts.customer_id);
  }
  CustomerLinks links = lock_customers(tx, customer_ids);
  for (const auto& [id, link] : links) {
    if (link) people.insert(link->user_id);
  }
  for (const Facts& facts : events) {
    if (facts.customer_id.empty() || !facts.link) continue;
    auto& present = links[facts.customer_id];
    const CustomerLink link = joined(present, *facts.link);
    if (link == present || !link_customer(tx, facts.customer_id, link)) continue;
    people.insert(link.user_id);
    present = link;
  }
  return people;
}

void ProjectionService::take_subscriptions(Transaction& tx,
                                           const std::vector<Facts>& events) const {
  const auto said = said_of(events, &Facts::subscription);
  if (said.empty()) return;
  std::vector<std::string> ids;
  for (const auto& [id, row] : said) ids.push_back(id);
  const auto rows = joined_to(find_subscriptions(tx, ids), said);
  save_subscriptions(tx, rows);
  for (const SubscriptionRow& row : rows) {
    if (row.is_tied) refetch_.order(tx, row, plugin_.now());
  }
}

void ProjectionService::take_payments(Transaction& tx, const std::vector<Facts>& events) const {
  const auto said = said_of(events, &Facts::payment);
  if (said.empty()) return;
  std::map<std::string, std::string> kinds_by_id;
  for (const auto& [id, row] : said) kinds_by_id.emplace(id, row.kind);
  save_payments(tx, joined_to(lock_payments(tx, kinds_by_id), said));
}

}  // namespace calixo::billing
