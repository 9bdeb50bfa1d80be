#include "inbox_store.hpp"

namespace calixo::billing {
namespace {

// In the order of ids: who stores the same ones elsewhere then waits, and not each for the other.
constexpr std::string_view kStore = R"(
  insert into stripe_events (id, type, api_version, is_live, created_at, body)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[],
                       $6::text[]) as came (id)
  order by came.id
  on conflict (id) do nothing)";

constexpr std::string_view kHasOpen =
    "select from stripe_events where finished_at is null and not is_apart limit 1";

constexpr std::string_view kLockOpen = R"(
  select id, body from stripe_events where finished_at is null and not is_apart
  order by received_at, id limit $1 for update skip locked)";

// By its id alone: "stored", which is the same, would have it looked for among all that are.
constexpr std::string_view kLockOne = R"(
  select id, body from stripe_events where id = $1 and finished_at is null for update)";

constexpr std::string_view kSetApart = "update stripe_events set is_apart = true where id = $1";

constexpr std::string_view kApplied = R"(
  update stripe_events e
  set state = 'applied', finished_at = now(), error = null,
      customer_id = nullif(applied.customer_id, '')
  from unnest($1::text[], $2::text[]) as applied (id, customer_id) where e.id = applied.id)";

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
  update stripe_events set state = 'stored', finished_at = null, error = null, is_apart = true
  where id = $1 and body <> '')";

constexpr std::string_view kForget = R"(
  update stripe_events set body = ''
  where id in (select id from stripe_events
               where body <> '' and state = 'applied'
                 and received_at < now() - $1::bigint * interval '1 day'
               order by received_at limit $2))";

}  // namespace

void store_events(Database& service, const std::vector<Delivery*>& deliveries) {
  std::vector<std::string> ids, types, bodies;
  std::vector<std::optional<std::string>> api_versions;
  std::vector<bool> are_live;
  std::vector<Timestamp> created;
  for (const Delivery* delivery : deliveries) {
    const EventHead& head = delivery->head;
    ids.push_back(head.id);
    types.push_back(head.type);
    api_versions.push_back(head.api_version);
    are_live.push_back(head.livemode);
    created.push_back(Timestamp::from_unix_s(head.created));
    bodies.push_back(delivery->body);
  }
  service.execute(kStore, ids, types, api_versions, are_live, created, bodies);
}

std::vector<OpenEvent> lock_open_events(Database& service, std::int64_t limit) {
  return service.query(kLockOpen, limit).as<OpenEvent>();
}

bool has_open_events(Database& service) { return !service.query(kHasOpen).empty(); }

std::vector<OpenEvent> lock_open_event(Database& service, std::string_view id) {
  return service.query(kLockOne, id).as<OpenEvent>();
}

void set_apart(Database& service, std::string_view id) { service.execute(kSetApart, id); }

void mark_applied(Database& service, const std::vector<std::string>& ids,
                  const std::vector<std::string>& customer_ids) {
  service.execute(kApplied, ids, customer_ids);
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
