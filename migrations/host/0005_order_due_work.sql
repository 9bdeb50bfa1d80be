-- What is due, in the order in which it is claimed. Their condition is that of claims alone: planned
-- while nothing was pending, claims took the unique keys' index and sorted all that it held.

drop index jobs_due;
create index jobs_due on jobs (name, due_at, id) where finished_at is null;
drop index outbox_deliveries_due;
create index outbox_deliveries_due on outbox_deliveries (subscriber, due_at, id)
  where finished_at is null;
