#include "inbox_store.hpp"

namespace calixo::billing {
namespace {

constexpr std::string_view kStore = R"(
  insert into stripe_events (id, type, api_version, is_live, created_at, body)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (id) do nothing)";

// By its id alone: "stored", which is the same, would have it looked for among all that is.
constexpr std::string_view kLockOpen = R"(
  select body from stripe_events where id = $1 and finished_at is null for update)";

constexpr std::string_view kApplied = R"(
  update stripe_events
  set state = 'applied', finished_at = now(), error = null, customer_id = nullif($2, '')
  where id = $1)";

constexpr std::string_view kRefused = R"(
  update stripe_events set state = 'refused', finished_at = now(), error = left($2, 500)
  where id = $1)";

constexpr std::string_view kColumns = R"(
  select id, type, state, is_live, created_at, received_at, finished_at, customer_id, error
  from stripe_events)";

const std::string kList = std::string(kColumns) + R"(
  where ($1::text is null or state = $1) and ($2::text is null or type = $2)
    and ($3::text is null or customer_id = $3)
    and ($4::text is null or (received_at, id) <
         (select received_at, id from stripe_events where id = $4))
  order by received_at desc, id desc limit $5)";

const std::string kFind = std::string(kColumns) + " where id = $1";

constexpr std::string_view kReopen = R"(
  update stripe_events set state = 'stored', finished_at = null, error = null
  where id = $1 and body <> '')";

constexpr std::string_view kForget = R"(
  update stripe_events set body = ''
  where id in (select id from stripe_events
               where body <> '' and state = 'applied'
                 and received_at < now() - $1::bigint * interval '1 day'
               order by received_at limit $2))";

}  // namespace

void store_event_later(const Deferred& deferred, calixo_tx* tx, const EventHead& event,
                       std::string_view body) {
  deferred.execute(tx, kStore, event.id, event.type, event.api_version, event.livemode,
                   Timestamp::from_unix_s(event.created), body);
}

std::optional<std::string> lock_open_event(Database& service, std::string_view id) {
  const Rows rows = service.query(kLockOpen, id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("body");
}

void mark_applied(Database& service, std::string_view id, std::string_view customer_id) {
  service.execute(kApplied, id, customer_id);
}

void mark_refused(Database& service, std::string_view id, std::string_view error) {
  service.execute(kRefused, id, error);
}

std::vector<StoredEvent> list_events(Database& service, const EventFilter& filter) {
  return service
      .query(kList, filter.state, filter.type, filter.customer_id, filter.before_id, filter.limit)
      .as<StoredEvent>();
}

std::optional<StoredEvent> find_event(Database& service, std::string_view id) {
  return service.query(kFind, id).first<StoredEvent>();
}

std::string body_of(Database& service, std::string_view id) {
  const Rows rows = service.query("select body from stripe_events where id = $1", id);
  return rows.empty() ? std::string() : rows[0].get<std::string>("body");
}

bool reopen_event(Database& service, std::string_view id) {
  return service.execute(kReopen, id) == 1;
}

std::int64_t forget_bodies(Database& service, std::int64_t older_than_days, std::int64_t limit) {
  return service.execute(kForget, older_than_days, limit);
}

}  // namespace calixo::billing
