create table probe_notes (
  id bigint generated always as identity primary key,
  text text not null check (length(text) <= 100)
);
alter table probe_notes enable row level security;
alter table probe_notes force row level security;
create policy probe_notes_service on probe_notes
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');
grant select, insert, delete on probe_notes to calixo_probe;
