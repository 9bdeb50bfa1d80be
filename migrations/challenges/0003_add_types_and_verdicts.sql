-- Challenge types decide: an attempt carries what its type keeps, when it expires, how its progress
-- went, what it earned and why it failed or waits for a person.

-- 0: as long as the type says.
alter table challenges
  add column expires_after_s integer not null default 0
    check (expires_after_s between 0 and 31536000);

alter table user_challenges
  add column expires_at timestamptz,                    -- null: never
  add column state jsonb not null default '{}' check (jsonb_typeof(state) = 'object'),
  add column progress_count integer not null default 0 check (progress_count >= 0),
  add column last_progress_at timestamptz,
  add column reward integer check (reward >= 0),        -- earned; null before completion
  add column reason text check (char_length(reason) between 1 and 64), -- a stable code
  drop constraint user_challenges_status_check,
  add constraint user_challenges_status_check
    check (status in ('pending', 'completed', 'failed', 'review')),
  add constraint user_challenges_reward_when_completed
    check (reward is null or status = 'completed');

-- What the sweep of expired attempts looks for.
create index user_challenges_due on user_challenges (expires_at) where status = 'pending';

-- A verdict is the service's to write; a person may give up.
drop policy "users end their own open attempts" on user_challenges;
create policy "users give up their own open attempts" on user_challenges
  for update using (
    (user_id = (select auth.uid()) and status = 'pending')
    or (select auth.role()) = 'service_role')
  with check (
    (user_id = (select auth.uid()) and status = 'failed' and reward is null)
    or (select auth.role()) = 'service_role');

-- A challenge that was retired meanwhile stays readable to whoever took it up.
create policy "people read the challenges they took up" on challenges
  for select using (
    exists (select from user_challenges attempt
            where attempt.challenge_id = challenges.id
              and attempt.user_id = (select auth.uid())));

grant insert (expires_at) on user_challenges to calixo_challenges;
grant update (state, progress_count, last_progress_at, reward, reason)
  on user_challenges to calixo_challenges;
