-- Challenge templates, each person's attempts, and the focus runs of an attempt.
-- title and description are Spanish, title_en and description_en English.

create table challenges (
  id serial primary key,
  type text not null check (type ~ '^[a-z][a-z0-9_.-]{0,63}$'), -- daily, focus, social, a plugin's
  title text not null check (char_length(title) between 1 and 120),
  description text not null default '' check (char_length(description) <= 2000),
  reward integer not null check (reward between 0 and 100000),
  created_at timestamptz not null default now(),
  slug text unique not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
  title_en text not null check (char_length(title_en) between 1 and 120),
  description_en text not null default '' check (char_length(description_en) <= 2000),
  rules jsonb not null default '{}' check (jsonb_typeof(rules) = 'object'),
  is_active boolean not null default true
);
create index challenges_type_id on challenges (type, id) where is_active;

create table user_challenges (
  id serial primary key,
  user_id uuid not null references users (id) on delete cascade,
  challenge_id integer not null references challenges (id) on delete restrict,
  status text not null default 'pending' check (status in ('pending', 'completed', 'failed')),
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  unique (user_id, id),
  check ((status = 'completed') = (completed_at is not null)),
  check (completed_at >= started_at)
);
create index user_challenges_challenge_id on user_challenges (challenge_id);
create index user_challenges_user_status on user_challenges (user_id, status, id desc);
-- One open attempt of a challenge a person, however often start is pressed.
create unique index user_challenges_one_open on user_challenges (user_id, challenge_id)
  where status = 'pending';

create table focus_sessions (
  id serial primary key,
  user_id uuid not null references users (id) on delete cascade,
  user_challenge_id integer not null,
  duration integer not null check (duration >= 0), -- seconds
  interruptions integer not null default 0 check (interruptions >= 0),
  created_at timestamptz not null default now(),
  foreign key (user_id, user_challenge_id)
    references user_challenges (user_id, id) on delete cascade
);
create index focus_sessions_user_id on focus_sessions (user_id, id desc);
create index focus_sessions_attempt on focus_sessions (user_id, user_challenge_id);

alter table challenges enable row level security;
alter table challenges force row level security;
alter table user_challenges enable row level security;
alter table user_challenges force row level security;
alter table focus_sessions enable row level security;
alter table focus_sessions force row level security;

create policy "everybody reads what is on offer" on challenges
  for select using (
    is_active
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "administrators add challenges" on challenges
  for insert with check (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "administrators change challenges" on challenges
  for update using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "administrators remove challenges" on challenges
  for delete using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');

create policy "users and moderators read attempts" on user_challenges
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "users start their own attempts" on user_challenges
  for insert with check (
    (user_id = (select auth.uid()) and status = 'pending')
    or (select auth.role()) = 'service_role');
create policy "users end their own open attempts" on user_challenges
  for update using (
    (user_id = (select auth.uid()) and status = 'pending')
    or (select auth.role()) = 'service_role')
  with check (
    (user_id = (select auth.uid()) and status in ('completed', 'failed'))
    or (select auth.role()) = 'service_role');
create policy "the service erases attempts" on user_challenges
  for delete using ((select auth.role()) = 'service_role');

create policy "users and moderators read focus runs" on focus_sessions
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "users log their own focus runs" on focus_sessions
  for insert with check (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service corrects focus runs" on focus_sessions
  for update using ((select auth.role()) = 'service_role');
create policy "the service erases focus runs" on focus_sessions
  for delete using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on challenges to calixo_challenges;
grant select, delete on user_challenges to calixo_challenges;
-- started_at is the database's clock, and an attempt never changes its owner or its challenge.
grant insert (user_id, challenge_id) on user_challenges to calixo_challenges;
grant update (status, completed_at) on user_challenges to calixo_challenges;
grant select, insert, update, delete on focus_sessions to calixo_challenges;
grant usage on sequence challenges_id_seq, user_challenges_id_seq, focus_sessions_id_seq
  to calixo_challenges;

-- The feed and social sessions point here.
grant references (id) on challenges to public;
grant references (id, user_id) on user_challenges to public;
