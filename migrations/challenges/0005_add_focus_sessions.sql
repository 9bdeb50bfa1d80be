-- Focus sessions run by the server's clock: stamped at each heartbeat, one at a time, none upon
-- another, and what is credited of them per local date.

-- What was there so far only told how long it took until it was written.
alter table focus_sessions
  alter column user_challenge_id drop not null, -- a session may stand alone
  alter column duration set default 0,          -- seconds that heartbeats show
  add column state text not null default 'finished'
    check (state in ('running', 'finished', 'interrupted', 'lapsed')),
  add column is_offline boolean not null default false,
  add column client_id uuid,                    -- the client's own name of an offline one
  add column planned_minutes integer check (planned_minutes between 1 and 1440),
  add column started_at timestamptz,
  add column last_heartbeat_at timestamptz,
  add column ended_at timestamptz,
  add column missed_us bigint not null default 0 check (missed_us >= 0),
  add column credited_seconds integer check (credited_seconds >= 0),
  add column reward integer check (reward >= 0);

select set_config('request.jwt.claims', '{"role":"service_role"}', true);
update focus_sessions
  set started_at = created_at - make_interval(secs => duration), last_heartbeat_at = created_at,
      ended_at = created_at, credited_seconds = duration, reward = 0;

alter table focus_sessions
  alter column state set default 'running',
  alter column started_at set not null,
  alter column last_heartbeat_at set not null,
  add constraint focus_sessions_ended check ((state = 'running') = (ended_at is null)),
  add constraint focus_sessions_judged check (
    (state = 'running') = (credited_seconds is null)
    and (state = 'running') = (reward is null)),
  add constraint focus_sessions_in_order check (
    last_heartbeat_at >= started_at and ended_at >= last_heartbeat_at),
  add constraint focus_sessions_credited_within_elapsed check (
    credited_seconds <= floor(extract(epoch from ended_at - started_at))),
  add constraint focus_sessions_offline check (
    is_offline = (client_id is not null) and not (is_offline and state = 'running')),
  -- A running one takes up all that is to come.
  add constraint focus_sessions_apart
    exclude using gist (user_id with =, tstzrange(started_at, ended_at) with &&);

create unique index focus_sessions_one_running on focus_sessions (user_id)
  where state = 'running';
create unique index focus_sessions_client on focus_sessions (user_id, client_id)
  where client_id is not null;
-- What the sweep of silent sessions looks through.
create index focus_sessions_due on focus_sessions (last_heartbeat_at) where state = 'running';

-- Stamps and credit are the server's to write.
drop policy "users log their own focus runs" on focus_sessions;
create policy "the service writes focus sessions" on focus_sessions
  for insert with check ((select auth.role()) = 'service_role');

-- What is credited of each local date; what the daily cap is held against.
create table focus_days (
  user_id uuid not null references users (id) on delete cascade,
  local_date date not null,
  credited_seconds integer not null default 0 check (credited_seconds >= 0),
  primary key (user_id, local_date)
);
alter table focus_days enable row level security;
alter table focus_days force row level security;
create policy "users and moderators read focus days" on focus_days
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "the service opens focus days" on focus_days
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service credits focus days" on focus_days
  for update using ((select auth.role()) = 'service_role');
create policy "the service erases focus days" on focus_days
  for delete using ((select auth.role()) = 'service_role');
grant select, insert, update, delete on focus_days to calixo_challenges;

-- The local dates of a zone that a stretch of time touches, and how long it lies on each; together as
-- long as it is. A date ends where the next one begins, as long as that may be. Of a midnight that
-- comes twice the second counts, and what came before the first is the first date's.
create function challenges_focus_dates(zone text, started_at timestamptz, ended_at timestamptz)
  returns table (local_date date, overlap_us bigint)
  language sql stable
  as $$
    select parts.midnight::date, (extract(epoch from parts.until - parts.since) * 1000000)::bigint
    from (
      select days.midnight,
             case when days.place = 1 then started_at
                  else greatest(started_at, days.midnight at time zone zone) end as since,
             least(ended_at, (days.midnight + interval '1 day') at time zone zone) as until
      from generate_series(date_trunc('day', started_at at time zone zone),
                           ended_at at time zone zone, interval '1 day')
             with ordinality as days (midnight, place)) as parts
    where parts.until > parts.since
  $$;
