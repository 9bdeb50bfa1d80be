-- What the probe was told, each movement and feeding once. An amount of 13 it refuses, so
-- that scenarios see what becomes of a completion then.

create table probe_movements (
  user_id uuid not null,
  reason text not null,
  source text not null,
  amount bigint not null check (amount <> 13),
  taken_back bigint,
  primary key (user_id, reason, source)
);
create table probe_feedings (
  user_id uuid not null,
  source text not null,
  energy integer not null,
  experience integer not null,
  streak_days integer not null,
  primary key (user_id, source)
);
alter table probe_movements enable row level security;
alter table probe_movements force row level security;
alter table probe_feedings enable row level security;
alter table probe_feedings force row level security;
create policy "the service writes movements" on probe_movements
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
create policy "the service writes feedings" on probe_feedings
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
grant select, insert, update on probe_movements, probe_feedings to calixo_probe_economy;
