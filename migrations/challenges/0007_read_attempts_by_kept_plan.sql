-- A page of somebody's attempts is read by a plan that is kept. Of "it is mine, or I am a moderator"
-- the planner holds that it is seldom so, for which its plans for one call looked cheaper than the
-- kept one: it made one each time, most of what the page cost. Of a CASE it holds nothing.
drop policy "users and moderators read attempts" on user_challenges;
create policy "users and moderators read attempts" on user_challenges
  for select using (
    case when user_id = (select auth.uid()) then true
         else (select auth.role()) = 'service_role'
              or (select auth.app_role()) in ('moderator', 'admin') end);
