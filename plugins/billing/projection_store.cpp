#include "projection_store.hpp"

namespace calixo::billing {
namespace {

constexpr std::string_view kLockCustomer = R"(
  insert into stripe_customers (id) values ($1)
  on conflict (id) do update set id = excluded.id
  returning coalesce(user_id::text, '') as user_id, coalesce(linked_s, 0) as linked_s)";

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

const std::string kFindSubscription =
    std::string(kSubscriptions) + " where stripe_subscription_id = $1 for update";

constexpr std::string_view kOpenSubscriptions = R"(
  select stripe_subscription_id as id from subscriptions
  where stripe_subscription_id > $1 and status not in ('canceled', 'incomplete_expired')
  order by stripe_subscription_id limit $2)";

constexpr std::string_view kSaveSubscription = R"(
  insert into subscriptions
    (stripe_subscription_id, stripe_customer_id, user_id, status, plan, current_period_end,
     cancel_at_period_end, cancel_at, trial_end, past_due_at, created_s, rank, is_tied)
  select $1, c.id, c.user_id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
  from stripe_customers c where c.id = $2
  on conflict (stripe_subscription_id) do update set
    stripe_customer_id = excluded.stripe_customer_id, user_id = excluded.user_id,
    status = excluded.status, plan = excluded.plan,
    current_period_end = excluded.current_period_end,
    cancel_at_period_end = excluded.cancel_at_period_end, cancel_at = excluded.cancel_at,
    trial_end = excluded.trial_end, past_due_at = excluded.past_due_at,
    created_s = excluded.created_s, rank = excluded.rank, is_tied = excluded.is_tied)";

constexpr std::string_view kLockPayment = R"(
  insert into stripe_payments (id, kind) values ($1, $2)
  on conflict (id) do update set id = excluded.id
  returning id, kind, customer_id, subscription_id, status, amount, amount_refunded, currency,
            created_s, rank, dispute_status, dispute_created_s, dispute_rank)";

constexpr std::string_view kSavePayment = R"(
  update stripe_payments set
    customer_id = $2, subscription_id = $3, status = $4, amount = $5, amount_refunded = $6,
    currency = $7, created_s = $8, rank = $9, dispute_status = $10, dispute_created_s = $11,
    dispute_rank = $12
  where id = $1)";

// The first number keeps these locks apart from all others. Customers' rows would not do: two
// events of two customers of one person would each wait for the other's.
constexpr std::string_view kLockPerson = "select pg_advisory_xact_lock(1651076204, hashtext($1))";

const std::string kHeld = std::string(kSubscriptions) + R"(
  where user_id = $1 and stripe_subscription_id is not null order by id desc)";

}  // namespace

std::optional<CustomerLink> lock_customer(Database& service, std::string_view id) {
  const Rows rows = service.query(kLockCustomer, id);
  auto link = rows[0].as<CustomerLink>();
  if (link.user_id.empty()) return std::nullopt;
  return link;
}

bool link_customer(Database& service, std::string_view id, const CustomerLink& link) {
  return !service.query(kLink, id, link.user_id, link.linked_s).empty();
}

std::optional<std::string> find_customer_of(Database& service, std::string_view user_id) {
  const Rows rows = service.query(kCustomerOf, user_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("id");
}

std::optional<SubscriptionRow> find_subscription(Database& service, std::string_view id) {
  return service.query(kFindSubscription, id).first<SubscriptionRow>();
}

std::vector<std::string> open_subscriptions(Database& service, std::string_view after,
                                            std::int64_t limit) {
  std::vector<std::string> ids;
  for (const Row row : service.query(kOpenSubscriptions, after, limit)) {
    ids.push_back(row.get<std::string>("id"));
  }
  return ids;
}

void save_subscription(Database& service, const SubscriptionRow& row) {
  service.execute(kSaveSubscription, row.id, row.customer_id, row.status, row.plan,
                  row.current_period_end, row.cancel_at_period_end, row.cancel_at, row.trial_end,
                  row.past_due_at, row.created_s, row.rank, row.is_tied);
}

PaymentRow lock_payment(Database& service, const PaymentRow& said) {
  return service.query(kLockPayment, said.id, said.kind)[0].as<PaymentRow>();
}

void save_payment(Database& service, const PaymentRow& row) {
  service.execute(kSavePayment, row.id, row.customer_id, row.subscription_id, row.status,
                  row.amount, row.amount_refunded, row.currency, row.created_s, row.rank,
                  row.dispute_status, row.dispute_created_s, row.dispute_rank);
}

void lock_person(Database& service, std::string_view user_id) {
  service.query(kLockPerson, user_id);
}

HeldSubscriptions subscriptions_of(Database& db, std::string_view user_id) {
  const auto answers = db.batch().add("select now() as now").add(kHeld, user_id).run();
  return {answers[1].as<SubscriptionRow>(), answers[0][0].get<Timestamp>("now")};
}

}  // namespace calixo::billing
