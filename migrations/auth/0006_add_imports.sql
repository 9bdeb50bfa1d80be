-- How far an import from another system came, so that one that was cut off goes on.
create table auth_imports (
  source_hash bytea primary key check (octet_length(source_hash) = 32), -- SHA-256 of its URL
  last_id uuid not null
);
alter table auth_imports enable row level security;
alter table auth_imports force row level security;
create policy "imports are the service's" on auth_imports
  for all using ((select auth.role()) = 'service_role');
grant select, insert, update, delete on auth_imports to calixo_auth;
