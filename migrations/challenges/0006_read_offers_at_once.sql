-- What a list of the offer reads: its own rows alone, however many challenges and attempts there are.

-- In the order of the list: of 1,200 challenges a page reads 21.
create index challenges_on_offer on challenges (id) where is_active;

-- What is on offer is not looked for among attempts; and who is asked about a retired one is a
-- function, whose plan is kept and costs nothing where it is not called. It answers by the policy of
-- attempts, with the caller's own claims.
create function challenges_took_up(challenge integer) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public
  as $$
  begin
    return exists (select from public.user_challenges a
                   where a.challenge_id = challenge and a.user_id = auth.uid());
  end
  $$;
drop policy "everybody reads what is on offer" on challenges;
drop policy "people read the challenges they took up" on challenges;
create policy "everybody reads the offer, and what they took up" on challenges
  for select using (
    is_active
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin'
    or challenges_took_up(id));

-- One person's attempts of one challenge, without all the others' of it.
create index user_challenges_challenge_user on user_challenges (challenge_id, user_id);
drop index user_challenges_challenge_id;
