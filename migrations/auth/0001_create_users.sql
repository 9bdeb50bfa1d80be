-- Accounts, their public face and who administers. password_hash is left out of every read grant:
-- auth_password_hash() hands it to the service alone.

create table users (
  id uuid primary key default gen_random_uuid(),
  email text unique not null
    check (email = lower(email) and char_length(email) between 3 and 254),
  password_hash text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  email_confirmed_at timestamptz,
  last_sign_in_at timestamptz,
  app_metadata jsonb not null default '{}' check (jsonb_typeof(app_metadata) = 'object'),
  user_metadata jsonb not null default '{}' check (jsonb_typeof(user_metadata) = 'object')
);

create table profiles (
  user_id uuid primary key references users (id) on delete cascade,
  display_name text check (char_length(display_name) between 1 and 60),
  avatar_energy integer not null default 100 check (avatar_energy between 0 and 100),
  is_private boolean not null default false,
  created_at timestamptz not null default now(),
  locale text not null default 'es' check (locale in ('es', 'en')),
  time_zone text not null default 'UTC' check (char_length(time_zone) between 1 and 64)
);

create table admin_users (
  user_id uuid primary key references users (id) on delete cascade,
  role text not null check (role in ('ADMIN', 'MODERATOR')),
  created_at timestamptz not null default now()
);

alter table users enable row level security;
alter table users force row level security;
alter table profiles enable row level security;
alter table profiles force row level security;
alter table admin_users enable row level security;
alter table admin_users force row level security;

-- Alternatives stand in the order of how often they decide: the first that holds ends the check.
create policy "users read their own account, administrators any" on users
  for select using (
    id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service makes accounts" on users
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service changes accounts" on users
  for update using ((select auth.role()) = 'service_role');
create policy "the service erases accounts" on users
  for delete using ((select auth.role()) = 'service_role');

create policy "profiles are public unless private" on profiles
  for select using (
    user_id = (select auth.uid())
    or (not is_private and (select auth.role()) = 'authenticated')
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "the service makes profiles" on profiles
  for insert with check ((select auth.role()) = 'service_role');
create policy "users change their own profile" on profiles
  for update using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service erases profiles" on profiles
  for delete using ((select auth.role()) = 'service_role');

create policy "administrators see each other, everybody their own role" on admin_users
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service appoints" on admin_users
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service changes roles" on admin_users
  for update using ((select auth.role()) = 'service_role');
create policy "the service dismisses" on admin_users
  for delete using ((select auth.role()) = 'service_role');

grant select (id, email, created_at, updated_at, email_confirmed_at, last_sign_in_at,
              app_metadata, user_metadata) on users to calixo_auth;
grant insert, update, delete on users to calixo_auth;
grant select, insert, delete on profiles to calixo_auth;
-- Energy is moved by whoever earns it, never by a profile edit.
grant update (display_name, is_private, locale, time_zone) on profiles to calixo_auth;
grant select, insert, update, delete on admin_users to calixo_auth;

-- Every plugin's tables may point at an account.
grant references (id) on users to public;

-- The stored hash of an account, for the service only; null for everybody else.
create function auth_password_hash(account uuid) returns text
  language sql stable security definer set search_path = pg_catalog, public
  as $$
    select password_hash from public.users
    where id = account and (select auth.role()) = 'service_role'
  $$;
revoke all on function auth_password_hash(uuid) from public;
grant execute on function auth_password_hash(uuid) to calixo_auth;

-- Whether the caller of the running statement may see this person's profile; what other plugins'
-- policies ask. It answers by the policy of profiles, with the caller's own claims.
create function profile_is_visible(person uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select exists (select from public.profiles where user_id = person) $$;
