-- Events that were published (the outbox), who hears them, each delivery, and jobs.
-- A row that is pending may be claimed from due_at on; a claim moves due_at to the end of its lease,
-- so that what a dead process had claimed becomes due again. attempt is the claim's token.

create table outbox_subscribers (
  name text primary key check (octet_length(name) <= 300),  -- "<plugin>/<subscription>"
  topic text not null,
  seen_at timestamptz not null default now()  -- when a server last had it
);
create index outbox_subscribers_topic on outbox_subscribers (topic);

create table outbox_events (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  payload json not null,
  publisher text not null,
  published_at timestamptz not null default clock_timestamp()
);
create index outbox_events_published_at on outbox_events (published_at);

create table outbox_deliveries (
  id bigint generated always as identity primary key,
  event_id bigint not null references outbox_events on delete cascade,
  subscriber text not null,
  key text not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  attempt integer not null default 0 check (attempt >= 0),
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  error text,
  check ((state = 'pending') = (finished_at is null))
);
create unique index outbox_deliveries_event on outbox_deliveries (event_id, subscriber);
create index outbox_deliveries_due on outbox_deliveries (subscriber, due_at)
  where state = 'pending';
create index outbox_deliveries_order on outbox_deliveries (subscriber, key, event_id)
  where state = 'pending';
create index outbox_deliveries_finished on outbox_deliveries (state, finished_at)
  where state <> 'pending';

create table jobs (
  id bigint generated always as identity primary key,
  name text not null check (octet_length(name) <= 300),  -- "<plugin>/<job>"
  unique_key text,
  payload json not null,
  state text not null default 'pending' check (state in ('pending', 'done', 'dead')),
  attempt integer not null default 0 check (attempt >= 0),
  run_at timestamptz not null,
  due_at timestamptz not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  error text,
  check ((state = 'pending') = (finished_at is null))
);
create unique index jobs_unique_key on jobs (name, unique_key) where state = 'pending';
create index jobs_due on jobs (name, due_at) where state = 'pending';
create index jobs_finished on jobs (state, finished_at) where state <> 'pending';

create table job_schedules (
  name text primary key check (octet_length(name) <= 300),
  every_ms bigint not null check (every_ms > 0),
  next_at timestamptz not null
);

alter table outbox_subscribers enable row level security;
alter table outbox_subscribers force row level security;
alter table outbox_events enable row level security;
alter table outbox_events force row level security;
alter table outbox_deliveries enable row level security;
alter table outbox_deliveries force row level security;
alter table jobs enable row level security;
alter table jobs force row level security;
alter table job_schedules enable row level security;
alter table job_schedules force row level security;

-- Plugins reach them through the server alone.
create policy "the service keeps subscribers" on outbox_subscribers
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
create policy "the service keeps events" on outbox_events
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
create policy "the service keeps deliveries" on outbox_deliveries
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
create policy "the service keeps jobs" on jobs
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
create policy "the service keeps schedules" on job_schedules
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');

grant select, insert, update, delete
  on outbox_subscribers, outbox_events, outbox_deliveries, jobs, job_schedules
  to calixo_host_runtime;
