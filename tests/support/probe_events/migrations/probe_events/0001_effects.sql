-- What subscribers and jobs did, one row each time they did it.
create table probe_effects (
  id bigint generated always as identity primary key,
  who text not null,
  key text not null,
  seq bigint not null,
  attempt integer not null,
  pid integer not null
);
-- What the scenario tells subscribers.
create table probe_switches (name text primary key);

alter table probe_effects enable row level security;
alter table probe_effects force row level security;
alter table probe_switches enable row level security;
alter table probe_switches force row level security;
create policy probe_effects_service on probe_effects
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
create policy probe_switches_service on probe_switches
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
grant select, insert on probe_effects to calixo_probe_events;
grant select, insert, delete on probe_switches to calixo_probe_events;
