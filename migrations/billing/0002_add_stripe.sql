-- Stripe's deliveries and what is known from them. Each event is stored once, by its id, before it is
-- acknowledged; the rows below it are a join over all events, so that their order does not matter.

create table stripe_events (
  id text primary key check (char_length(id) between 1 and 255),
  type text not null check (char_length(type) between 1 and 255),
  api_version text check (char_length(api_version) <= 64),
  is_live boolean not null,
  created_at timestamptz not null, -- by Stripe's clock
  received_at timestamptz not null default now(),
  state text not null default 'stored' check (state in ('stored', 'applied', 'refused')),
  finished_at timestamptz,
  error text check (char_length(error) <= 500), -- why it is refused
  customer_id text check (char_length(customer_id) <= 255), -- known once it was looked at
  body text not null, -- as it was signed; empty once it was forgotten
  check ((state = 'stored') = (finished_at is null))
);
create index stripe_events_received on stripe_events (received_at desc, id desc);
create index stripe_events_open on stripe_events (state, received_at desc, id desc)
  where state <> 'applied';
create index stripe_events_customer on stripe_events (customer_id) where customer_id is not null;
create index stripe_events_held on stripe_events (received_at) where body <> '';

-- Whose a customer is: who was named first, by Stripe's clock. Null: nobody yet.
create table stripe_customers (
  id text primary key check (char_length(id) between 1 and 255),
  user_id uuid references users (id) on delete cascade,
  linked_s bigint check ((linked_s is null) = (user_id is null))
);
create index stripe_customers_user_id on stripe_customers (user_id) where user_id is not null;

-- A subscription may be heard of before its person is.
alter table subscriptions
  alter column user_id drop not null,
  add column stripe_customer_id text references stripe_customers (id) on delete cascade,
  add column cancel_at_period_end boolean not null default false,
  add column cancel_at timestamptz,
  add column trial_end timestamptz,
  add column past_due_at timestamptz, -- the last time that it became past due
  -- What the row above was last said by: when, which kind of word, and whether two contradict.
  add column created_s bigint not null default 0,
  add column rank integer not null default 0,
  add column is_tied boolean not null default false;
create index subscriptions_customer on subscriptions (stripe_customer_id)
  where stripe_customer_id is not null;
create index subscriptions_tied on subscriptions (id) where is_tied;

-- Invoices, charges and checkouts, each by its own id: later APIs do not say which belong together.
create table stripe_payments (
  id text primary key check (char_length(id) between 1 and 255),
  kind text not null check (kind in ('invoice', 'charge', 'checkout')),
  customer_id text references stripe_customers (id) on delete cascade,
  subscription_id text check (char_length(subscription_id) <= 255),
  status text check (char_length(status) <= 255), -- null: only a dispute is known
  amount bigint,
  amount_refunded bigint not null default 0,
  currency text check (char_length(currency) <= 255),
  created_s bigint not null default 0,
  rank integer not null default 0,
  dispute_status text check (char_length(dispute_status) <= 255),
  dispute_created_s bigint not null default 0,
  dispute_rank integer not null default 0
);
create index stripe_payments_customer on stripe_payments (customer_id)
  where customer_id is not null;

alter table stripe_events enable row level security;
alter table stripe_events force row level security;
alter table stripe_customers enable row level security;
alter table stripe_customers force row level security;
alter table stripe_payments enable row level security;
alter table stripe_payments force row level security;

create policy "events of Stripe are the service's" on stripe_events
  for all using ((select auth.role()) = 'service_role');
create policy "customers of Stripe are the service's" on stripe_customers
  for all using ((select auth.role()) = 'service_role');
create policy "payments are the service's" on stripe_payments
  for all using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on stripe_events, stripe_customers, stripe_payments
  to calixo_billing;
