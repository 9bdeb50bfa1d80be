-- What changed about a caller while access tokens that say otherwise are still good: sessions that
-- ended, accounts that were banned or erased, roles. Triggers note it, so that it holds whoever
-- writes; every node reads it at the signal that comes with the commit.

create table auth_changes (
  id bigserial primary key,
  -- Reading on from a transaction that was still open at the last look misses none; an id would.
  xid xid8 not null default pg_current_xact_id(),
  user_id uuid not null, -- no reference: it outlives the account
  session_id uuid,       -- the session that ended; null: it is about the account
  app_role text check (app_role in ('user', 'premium', 'moderator', 'admin')), -- from now on
  is_revoked boolean not null default false,
  revoked_until timestamptz, -- null: for ever
  changed_at timestamptz not null default now()
);
create index auth_changes_xid on auth_changes (xid);
create index auth_changes_changed_at on auth_changes (changed_at);

alter table auth_changes enable row level security;
alter table auth_changes force row level security;
create policy "changes are the service's" on auth_changes
  for select using ((select auth.role()) = 'service_role');
create policy "whoever may end a session notes it" on auth_changes
  for insert with check (
    (select auth.role()) = 'service_role'
    or (user_id = (select auth.uid()) and session_id is not null and is_revoked));
create policy "the service forgets changes" on auth_changes
  for delete using ((select auth.role()) = 'service_role');
grant select, insert, delete on auth_changes to calixo_auth;
grant usage on sequence auth_changes_id_seq to calixo_auth;

create function auth_note_ended_sessions() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  begin
    insert into public.auth_changes (user_id, session_id, is_revoked)
      select user_id, id, true from gone;
    if found then
      perform pg_notify('calixo_work', 'signal:auth/changes');
    end if;
    return null;
  end
  $$;
create trigger note_ended_sessions after delete on sessions
  referencing old table as gone
  for each statement execute function auth_note_ended_sessions();

-- admin_users decides before anything else.
create function auth_role_of(admin_role text, app_metadata jsonb) returns text
  language sql immutable set search_path = pg_catalog
  as $$
    select case
      when admin_role in ('ADMIN', 'MODERATOR') then lower(admin_role)
      when app_metadata ->> 'role' = 'premium' then 'premium'
      else 'user'
    end
  $$;

create function auth_note_role() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  declare
    person uuid := coalesce(new.user_id, old.user_id);
  begin
    insert into public.auth_changes (user_id, app_role)
      values (person, public.auth_role_of(
        new.role, (select app_metadata from public.users where id = person)));
    perform pg_notify('calixo_work', 'signal:auth/changes');
    return null;
  end
  $$;
create trigger note_role after insert or update of role or delete on admin_users
  for each row execute function auth_note_role();

create function auth_note_account() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  begin
    if tg_op = 'DELETE' then
      insert into public.auth_changes (user_id, is_revoked) values (old.id, true);
    else
      if old.banned_until is distinct from new.banned_until then
        insert into public.auth_changes (user_id, is_revoked, revoked_until)
          values (new.id, coalesce(new.banned_until > now(), false), new.banned_until);
      end if;
      if old.app_metadata ->> 'role' is distinct from new.app_metadata ->> 'role' then
        insert into public.auth_changes (user_id, app_role)
          values (new.id, public.auth_role_of(
            (select role from public.admin_users where user_id = new.id), new.app_metadata));
      end if;
    end if;
    perform pg_notify('calixo_work', 'signal:auth/changes');
    return null;
  end
  $$;
create trigger note_erasure after delete on users
  for each row execute function auth_note_account();
create trigger note_standing after update of banned_until, app_metadata on users
  for each row when (
    old.banned_until is distinct from new.banned_until
    or old.app_metadata ->> 'role' is distinct from new.app_metadata ->> 'role')
  execute function auth_note_account();

-- Keys are rotated: one signs, the older ones verify until they are retired.
alter table auth_signing_keys add column retired_at timestamptz;
alter table auth_signing_keys add constraint auth_signing_keys_active_or_retired
  check (not (is_active and retired_at is not null));

create function auth_note_key() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  begin
    perform pg_notify('calixo_work', 'signal:auth/changes');
    return null;
  end
  $$;
create trigger note_key after insert or update or delete on auth_signing_keys
  for each statement execute function auth_note_key();

-- Administration: pages by age, and search by the beginning of an address or a name.
create index users_email_prefix on users (email text_pattern_ops);
create index profiles_name_prefix on profiles (lower(display_name) text_pattern_ops);
create index users_banned on users (banned_until) where banned_until is not null;
