-- Notes that people keep for themselves. Row level security is always on: what a statement may see
-- is said here, once, whoever writes the statement.

create table sample_name_notes (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  text text not null check (char_length(text) between 1 and 500),
  created_at timestamptz not null default now()
);
create index sample_name_notes_user_id on sample_name_notes (user_id, id desc);

alter table sample_name_notes enable row level security;
alter table sample_name_notes force row level security;

create policy "people read their own notes" on sample_name_notes
  for select using (user_id = (select auth.uid()));
create policy "people write their own notes" on sample_name_notes
  for insert with check (user_id = (select auth.uid()));

-- The role that this plugin's statements run as.
grant select, insert on sample_name_notes to calixo_org_example_sample_name;
