-- Runtime configuration: keys that change without a restart.

create table config (
  key text primary key check (key ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$'),
  value jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by uuid
);

alter table config enable row level security;
alter table config force row level security;

-- Everybody else reads public keys through the service, which knows which are public.
create policy "the service and administrators read configuration" on config
  for select using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "the service and administrators add configuration" on config
  for insert with check (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "the service and administrators change configuration" on config
  for update using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "the service and administrators remove configuration" on config
  for delete using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');

grant select, insert, update, delete on config to calixo_host_runtime;
