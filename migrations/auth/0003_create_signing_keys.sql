-- The keys that sign access tokens, shared by all nodes, and what is done once in the life of a
-- database. Both are the service's alone.

create table auth_signing_keys (
  kid text primary key check (char_length(kid) between 8 and 64),
  algorithm text not null check (algorithm = 'ES256'),
  private_key bytea not null, -- PKCS #8, DER
  is_active boolean not null default true,
  created_at timestamptz not null default now()
);
-- Two nodes that start at once agree on one key: the second insert yields.
create unique index auth_signing_keys_one_active on auth_signing_keys (is_active) where is_active;

create table auth_setup_steps (
  step text primary key,
  done_at timestamptz not null default now()
);

alter table auth_signing_keys enable row level security;
alter table auth_signing_keys force row level security;
alter table auth_setup_steps enable row level security;
alter table auth_setup_steps force row level security;

create policy "signing keys are the service's" on auth_signing_keys
  for all using ((select auth.role()) = 'service_role');
create policy "setup steps are the service's" on auth_setup_steps
  for all using ((select auth.role()) = 'service_role');

grant select, insert, update on auth_signing_keys to calixo_auth;
grant select, insert on auth_setup_steps to calixo_auth;
