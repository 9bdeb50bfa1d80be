-- Shared challenges, who follows whom, and the feed. A private person's posts and lists are seen by
-- followers alone: profile_is_visible() is asked of the auth plugin, which owns that answer.

create table social_sessions (
  id serial primary key,
  inviter_id uuid not null references users (id) on delete cascade,
  invitee_id uuid not null references users (id) on delete cascade,
  challenge_id integer not null references challenges (id) on delete restrict,
  accepted_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  check (inviter_id <> invitee_id),
  check (completed_at >= accepted_at),
  check (completed_at is null or accepted_at is not null)
);
create index social_sessions_inviter on social_sessions (inviter_id, id desc);
create index social_sessions_invitee on social_sessions (invitee_id, id desc);
create index social_sessions_challenge on social_sessions (challenge_id);

create table followers (
  follower_id uuid not null references users (id) on delete cascade,
  following_id uuid not null references users (id) on delete cascade,
  followed_at timestamptz not null default now(),
  primary key (follower_id, following_id),
  check (follower_id <> following_id)
);
create index followers_following on followers (following_id, follower_id);

create table feed_items (
  id serial primary key,
  user_id uuid not null references users (id) on delete cascade,
  user_challenge_id integer not null,
  image_url text check (char_length(image_url) <= 2048),
  note text check (char_length(note) <= 2000),
  created_at timestamptz not null default now(),
  -- Nobody posts another's achievement.
  foreign key (user_id, user_challenge_id)
    references user_challenges (user_id, id) on delete cascade
);
create index feed_items_user_id on feed_items (user_id, id desc);
create index feed_items_attempt on feed_items (user_id, user_challenge_id);

alter table social_sessions enable row level security;
alter table social_sessions force row level security;
alter table followers enable row level security;
alter table followers force row level security;
alter table feed_items enable row level security;
alter table feed_items force row level security;

create policy "both parties read a shared challenge" on social_sessions
  for select using (
    inviter_id = (select auth.uid())
    or invitee_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "users invite in their own name" on social_sessions
  for insert with check (
    (inviter_id = (select auth.uid()) and accepted_at is null and completed_at is null)
    or (select auth.role()) = 'service_role');
-- Which party may take which step is a rule over old and new state: the service's.
create policy "the service moves shared challenges on" on social_sessions
  for update using ((select auth.role()) = 'service_role');
create policy "the service erases shared challenges" on social_sessions
  for delete using ((select auth.role()) = 'service_role');

create policy "a list shows those whom the reader may see" on followers
  for select using (
    follower_id = (select auth.uid())
    or following_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or ((select auth.role()) = 'authenticated'
        and profile_is_visible(follower_id) and profile_is_visible(following_id)));
create policy "users follow in their own name" on followers
  for insert with check (
    follower_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "either end may cut the tie" on followers
  for delete using (
    follower_id = (select auth.uid())
    or following_id = (select auth.uid())
    or (select auth.role()) = 'service_role');

create policy "posts are seen by whoever may see their author" on feed_items
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or ((select auth.role()) = 'authenticated'
        and (profile_is_visible(user_id)
             or exists (select from followers
                        where follower_id = (select auth.uid())
                          and following_id = feed_items.user_id))));
create policy "users post in their own name" on feed_items
  for insert with check (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service changes posts" on feed_items
  for update using ((select auth.role()) = 'service_role');
create policy "users take their own posts back" on feed_items
  for delete using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');

grant select, insert, update, delete on social_sessions to calixo_social;
grant select, insert, delete on followers to calixo_social; -- a tie is made or cut, never edited
grant select, insert, update, delete on feed_items to calixo_social;
grant usage on sequence social_sessions_id_seq, feed_items_id_seq to calixo_social;
