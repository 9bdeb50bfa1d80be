-- Sessions, and the chain of refresh tokens of each. Of a token only its SHA-256 is kept. The token
-- that follows it is HMAC-SHA256(child_secret, token): whoever presents the parent again within
-- the reuse window can be given the same child, though no token is stored.

create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  refreshed_at timestamptz not null default now(),
  aal text not null default 'aal1' check (aal in ('aal1', 'aal2')),
  amr jsonb not null default '[]' check (jsonb_typeof(amr) = 'array')
);
create index sessions_user_id on sessions (user_id, created_at);

create table refresh_tokens (
  id bigserial primary key,
  user_id uuid not null references users (id) on delete cascade,
  session_id uuid not null references sessions (id) on delete cascade,
  parent_id bigint references refresh_tokens (id) on delete set null,
  token_hash bytea unique not null check (octet_length(token_hash) = 32),
  child_secret bytea not null check (octet_length(child_secret) = 32),
  created_at timestamptz not null default now(),
  replaced_at timestamptz
);
create index refresh_tokens_user_id on refresh_tokens (user_id);
create index refresh_tokens_session_id on refresh_tokens (session_id);
create unique index refresh_tokens_parent_id on refresh_tokens (parent_id);
create unique index refresh_tokens_one_active on refresh_tokens (session_id)
  where replaced_at is null;

alter table sessions enable row level security;
alter table sessions force row level security;
alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;

create policy "users see their own sessions" on sessions
  for select using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service opens sessions" on sessions
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service keeps sessions" on sessions
  for update using ((select auth.role()) = 'service_role');
create policy "users end their own sessions" on sessions
  for delete using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');

create policy "refresh tokens are the service's" on refresh_tokens
  for all using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on sessions to calixo_auth;
grant select, insert, update, delete on refresh_tokens to calixo_auth;
grant usage on sequence refresh_tokens_id_seq to calixo_auth;
