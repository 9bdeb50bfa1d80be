-- Events are applied together, in the order in which they came. One that failed has a job of its own
-- from then on, and is passed over by the others.

alter table stripe_events add column is_apart boolean not null default false;
create index stripe_events_due on stripe_events (received_at, id)
  where finished_at is null and not is_apart;
