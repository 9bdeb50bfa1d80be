#include "cancellation_store.hpp"

namespace calixo::billing {

// The oldest last tried first: one that fails does not hold up the others.
std::vector<std::string> ordered_cancellations(Database& service, std::int64_t limit) {
  const Rows rows = service.query(
      "update stripe_cancellations set ordered_at = now() where subscription_id in ("
      " select subscription_id from stripe_cancellations order by ordered_at limit $1) "
      "returning subscription_id",
      limit);
  std::vector<std::string> ids;
  for (const Row row : rows) ids.push_back(row.get<std::string>("subscription_id"));
  return ids;
}

void forget_cancellation(Database& service, std::string_view subscription_id) {
  service.execute("delete from stripe_cancellations where subscription_id = $1", subscription_id);
}

}  // namespace calixo::billing
