-- What a sign-in may rest on beside a password: identities, one-time tokens, flows that begin in one
-- place and end in another, and second factors. Accounts may be anonymous, banned, or without an
-- address. Of tokens and codes only digests are kept.

alter table users
  alter column email drop not null,
  add column is_anonymous boolean not null default false,
  add column banned_until timestamptz,
  add column invited_at timestamptz,
  add column confirmation_sent_at timestamptz,
  add column recovery_sent_at timestamptz,
  add column reauthentication_sent_at timestamptz,
  add column email_change_sent_at timestamptz,
  add column new_email text
    check (new_email = lower(new_email) and char_length(new_email) between 3 and 254);
create index users_created_at on users (created_at, id);

create table identities (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  provider text not null check (char_length(provider) between 1 and 64),
  provider_id text not null check (char_length(provider_id) between 1 and 255),
  identity_data jsonb not null default '{}' check (jsonb_typeof(identity_data) = 'object'),
  email text generated always as (lower(identity_data ->> 'email')) stored,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider, provider_id)
);
create index identities_user_id on identities (user_id, created_at);

-- By their owner, whom policies bind only while they are forced.
alter table users no force row level security;
insert into identities
    (user_id, provider, provider_id, identity_data, last_sign_in_at, created_at, updated_at)
  select id, 'email', id::text,
         jsonb_build_object('sub', id, 'email', email, 'phone_verified', false,
                            'email_verified', email_confirmed_at is not null),
         last_sign_in_at, created_at, updated_at
  from users;
alter table users force row level security;

-- A flow that ends with an authorization code (PKCE), or that is away at a provider (OAuth).
create table flow_states (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references users (id) on delete cascade, -- whose session the code opens, once known
  linking_user_id uuid references users (id) on delete cascade, -- who adds an identity
  method text not null check (char_length(method) between 1 and 32), -- of the session's amr
  provider text check (char_length(provider) between 1 and 64),
  code_challenge text check (char_length(code_challenge) between 43 and 128),
  code_challenge_method text check (code_challenge_method in ('s256', 'plain')),
  auth_code_hash bytea unique check (octet_length(auth_code_hash) = 32),
  state_hash bytea unique check (octet_length(state_hash) = 32),
  nonce text check (char_length(nonce) <= 128),
  provider_verifier text check (char_length(provider_verifier) <= 128),
  redirect_to text check (char_length(redirect_to) <= 2048),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index flow_states_user_id on flow_states (user_id);
create index flow_states_linking_user_id on flow_states (linking_user_id);
create index flow_states_expires_at on flow_states (expires_at);

-- One live token a person and purpose: a new one takes the place of the last.
create table one_time_tokens (
  user_id uuid not null references users (id) on delete cascade,
  purpose text not null check (purpose in ('signup', 'invite', 'magiclink', 'recovery',
    'email_change_current', 'email_change_new', 'reauthentication')),
  email text not null, -- where it was sent
  token_hash bytea unique not null check (octet_length(token_hash) = 32),
  code_hash bytea not null check (octet_length(code_hash) = 32),
  attempts integer not null default 0 check (attempts >= 0),
  flow_state_id uuid references flow_states (id) on delete cascade,
  redirect_to text check (char_length(redirect_to) <= 2048),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (user_id, purpose)
);
create index one_time_tokens_flow_state_id on one_time_tokens (flow_state_id);
create index one_time_tokens_expires_at on one_time_tokens (expires_at);

create table mfa_factors (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  friendly_name text check (char_length(friendly_name) between 1 and 100),
  factor_type text not null default 'totp' check (factor_type = 'totp'),
  status text not null default 'unverified' check (status in ('unverified', 'verified')),
  secret bytea not null check (octet_length(secret) between 16 and 64),
  last_step bigint not null default 0, -- of RFC 6238: a code is good once
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, friendly_name)
);

create table mfa_challenges (
  id uuid primary key default gen_random_uuid(),
  factor_id uuid not null references mfa_factors (id) on delete cascade,
  attempts integer not null default 0 check (attempts >= 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index mfa_challenges_factor_id on mfa_challenges (factor_id);
create index mfa_challenges_expires_at on mfa_challenges (expires_at);

alter table identities enable row level security;
alter table identities force row level security;
alter table flow_states enable row level security;
alter table flow_states force row level security;
alter table one_time_tokens enable row level security;
alter table one_time_tokens force row level security;
alter table mfa_factors enable row level security;
alter table mfa_factors force row level security;
alter table mfa_challenges enable row level security;
alter table mfa_challenges force row level security;

create policy "users see their own identities, administrators any" on identities
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service adds identities" on identities
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service changes identities" on identities
  for update using ((select auth.role()) = 'service_role');
create policy "the service removes identities" on identities
  for delete using ((select auth.role()) = 'service_role');
create policy "flows are the service's" on flow_states
  for all using ((select auth.role()) = 'service_role');
create policy "one-time tokens are the service's" on one_time_tokens
  for all using ((select auth.role()) = 'service_role');
create policy "users see their own factors" on mfa_factors
  for select using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service adds factors" on mfa_factors
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service changes factors" on mfa_factors
  for update using ((select auth.role()) = 'service_role');
create policy "the service removes factors" on mfa_factors
  for delete using ((select auth.role()) = 'service_role');
create policy "challenges of factors are the service's" on mfa_challenges
  for all using ((select auth.role()) = 'service_role');

grant select (is_anonymous, banned_until, invited_at, confirmation_sent_at, recovery_sent_at,
              reauthentication_sent_at, email_change_sent_at, new_email) on users to calixo_auth;
grant select, insert, update, delete on identities to calixo_auth;
grant select, insert, update, delete on flow_states to calixo_auth;
grant select, insert, update, delete on one_time_tokens to calixo_auth;
grant select (id, user_id, friendly_name, factor_type, status, last_step, created_at, updated_at)
  on mfa_factors to calixo_auth;
grant insert, update, delete on mfa_factors to calixo_auth;
grant select, insert, update, delete on mfa_challenges to calixo_auth;

-- The secret of a factor, for the service only; null for everybody else.
create function auth_factor_secret(factor uuid) returns bytea
  language sql stable security definer set search_path = pg_catalog, public
  as $$
    select secret from public.mfa_factors
    where id = factor and (select auth.role()) = 'service_role'
  $$;
revoke all on function auth_factor_secret(uuid) from public;
grant execute on function auth_factor_secret(uuid) to calixo_auth;
