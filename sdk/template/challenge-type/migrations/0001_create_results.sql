-- What people achieved. Row level security is always on: what a statement may see is said here, once,
-- whoever writes the statement.

create table sample_name_results (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  seconds integer not null check (seconds > 0),
  created_at timestamptz not null default now()
);
create index sample_name_results_user_id on sample_name_results (user_id, seconds desc);

alter table sample_name_results enable row level security;
alter table sample_name_results force row level security;

create policy "people read their own results" on sample_name_results
  for select using (user_id = (select auth.uid()));
create policy "people add their own results" on sample_name_results
  for insert with check (user_id = (select auth.uid()));

-- The role that this plugin's statements run as.
grant select, insert on sample_name_results to calixo_org_example_sample_name;
