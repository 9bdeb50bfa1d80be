#include "projection_store.hpp"

namespace calixo::billing {
namespace {

// Whatever is locked is locked in the order of ids: whoever wants the same ones waits, and no two
// for each other.
constexpr std::string_view kLockCustomers = R"(
  insert into stripe_customers (id) select id from unnest($1::text[]) as named (id) order by id
  on conflict (id) do update set id = excluded.id
  returning id, coalesce(user_id::text, '') as user_id, coalesce(linked_s, 0) as linked_s)";

// profile_is_visible: the service sees everybody's, and an erased person has none.
constexpr std::string_view kLink = R"(
  with linked as (
    update stripe_customers set user_id = $2, linked_s = $3
    where id = $1 and profile_is_visible($2) returning id),
  moved as (
    update subscriptions s set user_id = $2 from linked where s.stripe_customer_id = linked.id)
  select id from linked)";

constexpr std::string_view kCustomerOf =
    "select id from stripe_customers where user_id = $1 order by linked_s, id limit 1";

constexpr std::string_view kSubscriptions = R"(
  select stripe_subscription_id as id, stripe_customer_id as customer_id, status, plan,
         current_period_end, cancel_at_period_end, cancel_at, trial_end, past_due_at, created_s,
         rank, is_tied
  from subscriptions)";

const std::string kFindSubscriptions = std::string(kSubscriptions) + R"(
  where stripe_subscription_id = any($1::text[]) order by stripe_subscription_id for update)";

constexpr std::string_view kOpenSubscriptions = R"(
  select stripe_subscription_id as id from subscriptions
  where stripe_subscription_id > $1 and status not in ('canceled', 'incomplete_expired')
  order by stripe_subscription_id limit $2)";

// limit: each customer is looked up, where a join would read all of them.
constexpr std::string_view kSaveSubscriptions = R"(
  insert into subscriptions
    (stripe_subscription_id, stripe_customer_id, user_id, status, plan, current_period_end,
     cancel_at_period_end, cancel_at, trial_end, past_due_at, created_s, rank, is_tied)
  select said.id, c.id, c.user_id, status, plan, current_period_end, cancel_at_period_end,
         cancel_at, trial_end, past_due_at, said.created_s, rank, is_tied
  from json_to_recordset($1::json) as said
    (id text, customer_id text, status text, plan text, current_period_end timestamptz,
     cancel_at_period_end boolean, cancel_at timestamptz, trial_end timestamptz,
     past_due_at timestamptz, created_s bigint, rank integer, is_tied boolean)
  cross join lateral (
    select c.id, c.user_id from stripe_customers c where c.id = said.customer_id limit 1) c
  on conflict (stripe_subscription_id) do update set
    stripe_customer_id = excluded.stripe_customer_id, user_id = excluded.user_id,
    status = excluded.status, plan = excluded.plan,
    current_period_end = excluded.current_period_end,
    cancel_at_period_end = excluded.cancel_at_period_end, cancel_at = excluded.cancel_at,
    trial_end = excluded.trial_end, past_due_at = excluded.past_due_at,
    created_s = excluded.created_s, rank = excluded.rank, is_tied = excluded.is_tied)";

constexpr std::string_view kLockPayments = R"(
  insert into stripe_payments (id, kind)
  select id, kind from unnest($1::text[], $2::text[]) as named (id, kind) order by id
  on conflict (id) do update set id = excluded.id
  returning id, kind, customer_id, subscription_id, status, amount, amount_refunded, currency,
            created_s, rank, dispute_status, dispute_created_s, dispute_rank)";

// They are there: only the update is ever done, each row by its key.
constexpr std::string_view kSavePayments = R"(
  insert into stripe_payments
    (id, kind, customer_id, subscription_id, status, amount, amount_refunded, currency, created_s,
     rank, dispute_status, dispute_created_s, dispute_rank)
  select id, kind, customer_id, subscription_id, status, amount, amount_refunded, currency,
         created_s, rank, dispute_status, dispute_created_s, dispute_rank
  from json_to_recordset($1::json) as said
    (id text, kind text, customer_id text, subscription_id text, status text, amount bigint,
     amount_refunded bigint, currency text, created_s bigint, rank integer, dispute_status text,
     dispute_created_s bigint, dispute_rank integer)
  on conflict (id) do update set
    customer_id = excluded.customer_id, subscription_id = excluded.subscription_id,
    status = excluded.status, amount = excluded.amount, amount_refunded = excluded.amount_refunded,
    currency = excluded.currency, created_s = excluded.created_s, rank = excluded.rank,
    dispute_status = excluded.dispute_status, dispute_created_s = excluded.dispute_created_s,
    dispute_rank = excluded.dispute_rank)";

// The first number keeps these locks apart from all others. Customers' rows would not do: two
// events of two customers of one person would each wait for the other's.
constexpr std::string_view kLockPerson = "select pg_advisory_xact_lock(1651076204, hashtext($1))";

const std::string kHeld = std::string(kSubscriptions) + R"(
  where user_id = $1 and stripe_subscription_id is not null order by id desc)";

}  // namespace

CustomerLinks lock_customers(Database& service, const std::set<std::string>& ids) {
  CustomerLinks links;
  if (ids.empty()) return links;
  for (const Row row :
       service.query(kLockCustomers, std::vector<std::string>(ids.begin(), ids.end()))) {
    auto& link = links[row.get<std::string>("id")];
    if (!row.get<std::string>("user_id").empty()) link = row.as<CustomerLink>();
  }
  return links;
}

std::optional<CustomerLink> lock_customer(Database& service, const std::string& id) {
  return lock_customers(service, {id})[id];
}

bool link_customer(Database& service, std::string_view id, const CustomerLink& link) {
  return !service.query(kLink, id, link.user_id, link.linked_s).empty();
}

std::optional<std::string> find_customer_of(Database& service, std::string_view user_id) {
  const Rows rows = service.query(kCustomerOf, user_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("id");
}

SubscriptionRows find_subscriptions(Database& service, const std::vector<std::string>& ids) {
  SubscriptionRows found;
  for (auto& row : service.query(kFindSubscriptions, ids).as<SubscriptionRow>()) {
    found.emplace(row.id, std::move(row));
  }
  return found;
}

std::optional<SubscriptionRow> find_subscription(Database& service, const std::string& id) {
  return service.query(kFindSubscriptions, std::vector{id}).first<SubscriptionRow>();
}

std::vector<std::string> open_subscriptions(Database& service, std::string_view after,
                                            std::int64_t limit) {
  std::vector<std::string> ids;
  for (const Row row : service.query(kOpenSubscriptions, after, limit)) {
    ids.push_back(row.get<std::string>("id"));
  }
  return ids;
}

void save_subscriptions(Database& service, const std::vector<SubscriptionRow>& rows) {
  service.execute(kSaveSubscriptions, rows);
}

PaymentRows lock_payments(Database& service,
                          const std::map<std::string, std::string>& kinds_by_id) {
  std::vector<std::string> ids, kinds;
  for (const auto& [id, kind] : kinds_by_id) {
    ids.push_back(id);
    kinds.push_back(kind);
  }
  PaymentRows locked;
  for (auto& row : service.query(kLockPayments, ids, kinds).as<PaymentRow>()) {
    locked.emplace(row.id, std::move(row));
  }
  return locked;
}

void save_payments(Database& service, const std::vector<PaymentRow>& rows) {
  service.execute(kSavePayments, rows);
}

void lock_person(Database& service, std::string_view user_id) {
  service.query(kLockPerson, user_id);
}

HeldSubscriptions subscriptions_of(Database& db, std::string_view user_id) {
  const auto answers = db.batch().add("select now() as now").add(kHeld, user_id).run();
  return {answers[1].as<SubscriptionRow>(), answers[0][0].get<Timestamp>("now")};
}

}  // namespace calixo::billing
