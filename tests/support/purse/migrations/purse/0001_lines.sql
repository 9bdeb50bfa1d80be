-- One row a call: two of one source show that somebody paid twice.
create table purse_lines (
  id bigint generated always as identity primary key,
  user_id uuid not null,
  kind text not null check (kind in ('coins', 'energy', 'experience')),
  amount bigint not null,
  source text not null
);
alter table purse_lines enable row level security;
alter table purse_lines force row level security;
create policy purse_lines_service on purse_lines
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
grant select, insert on purse_lines to calixo_purse;
