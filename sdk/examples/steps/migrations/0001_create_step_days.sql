-- Steps by day, and how many challenges of this type a person has completed.

create table step_days (
  user_id uuid not null references users (id) on delete cascade,
  day date not null,
  steps integer not null check (steps between 0 and 200000),
  primary key (user_id, day)
);

create table step_walks (
  user_id uuid primary key references users (id) on delete cascade,
  walks integer not null check (walks > 0)
);

alter table step_days enable row level security;
alter table step_days force row level security;
alter table step_walks enable row level security;
alter table step_walks force row level security;

create policy "people read their own steps, the service all" on step_days
  for select using (user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "people count their own steps" on step_days
  for insert with check (user_id = (select auth.uid()));
create policy "people correct their own steps" on step_days
  for update using (user_id = (select auth.uid()));
create policy "the service forgets old days" on step_days
  for delete using ((select auth.role()) = 'service_role');

create policy "people read their own walks, the service all" on step_walks
  for select using (user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service begins to count walks" on step_walks
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service counts walks" on step_walks
  for update using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on step_days to calixo_org_example_steps;
grant select, insert, update on step_walks to calixo_org_example_steps;
