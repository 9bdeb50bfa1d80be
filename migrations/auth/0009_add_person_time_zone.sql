-- Where somebody's day begins and ends, for the plugins that count by it.

-- The IANA name on the profile, as far as the caller of the running statement may see that; else
-- UTC. It answers by the policy of profiles, with the caller's own claims.
create function person_time_zone(person uuid) returns text
  language sql stable security definer set search_path = pg_catalog, public
  as $$
    select coalesce((select time_zone from public.profiles where user_id = person), 'UTC')
  $$;
