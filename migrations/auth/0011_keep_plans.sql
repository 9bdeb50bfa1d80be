-- Two functions as before, in a language that keeps its plans: an SQL function that is not inlined is
-- planned anew by every statement that calls it, which costs ten times what the two do.

create or replace function person_time_zone(person uuid) returns text
  language plpgsql stable security definer set search_path = pg_catalog, public
  as $$
  begin
    return coalesce((select p.time_zone from public.profiles p where p.user_id = person), 'UTC');
  end
  $$;

create or replace function profile_is_visible(person uuid) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public
  as $$
  begin
    return exists (select from public.profiles p where p.user_id = person);
  end
  $$;
