-- What completing earns and feeds, a day's set of challenges, difficulty, how much a day may hold,
-- streaks by local date, and attempts that a person judges or takes back.

select set_config('request.jwt.claims', '{"role":"service_role"}', true);

alter table challenges
  add column difficulty text not null default 'medium'
    check (difficulty in ('easy', 'medium', 'hard')),
  add column schedule text not null default 'always' check (schedule in ('always', 'daily_set')),
  -- When it came to be on offer as it is: who comes today stands behind those who were there.
  add column scheduled_at timestamptz not null default now(),
  add column available_from timestamptz,   -- null: since ever
  add column available_until timestamptz,  -- null: for ever
  add column energy integer check (energy between 0 and 100),         -- null: as the key says
  add column experience integer check (experience between 0 and 10000), -- null: as the key says
  add constraint challenges_window check (available_until > available_from);
update challenges set scheduled_at = created_at,
  difficulty = case when reward <= 15 then 'easy' when reward <= 30 then 'medium' else 'hard' end;
create index challenges_daily_set on challenges (id) where schedule = 'daily_set' and is_active;

-- An attempt is judged and paid by what its challenge said when it began.
alter table user_challenges
  add column rules jsonb check (jsonb_typeof(rules) = 'object'),
  add column offered_reward integer check (offered_reward >= 0),
  add column energy integer check (energy between 0 and 100),
  add column experience integer check (experience between 0 and 10000),
  add column is_paid boolean not null default false, -- whether a wallet got the reward
  add column claimed_at timestamptz,                 -- of what waits, or waited, for a review
  add column resolved_by uuid references users (id) on delete set null,
  add column resolved_at timestamptz,
  add column taken_back integer check (taken_back between 0 and reward),
  drop constraint user_challenges_status_check,
  add constraint user_challenges_status_check
    check (status in ('pending', 'completed', 'failed', 'review', 'reversed')),
  drop constraint user_challenges_check,
  add constraint user_challenges_completed_at_when_completed
    check ((status in ('completed', 'reversed')) = (completed_at is not null)),
  drop constraint user_challenges_reward_when_completed,
  add constraint user_challenges_reward_when_completed
    check (reward is null or status in ('completed', 'reversed'));
update user_challenges attempt set rules = offer.rules, offered_reward = offer.reward
  from challenges offer
  where offer.id = attempt.challenge_id and attempt.status in ('pending', 'review');
create index user_challenges_review on user_challenges (id) where status = 'review';
create index user_challenges_resolved_by on user_challenges (resolved_by)
  where resolved_by is not null;

-- One row a person: the streak, and how much the present day holds already. A day ends at the
-- midnight of the zone in which it began, wherever the person goes meanwhile.
create table streaks (
  user_id uuid primary key references users (id) on delete cascade,
  current_days integer not null default 0 check (current_days >= 0),
  best_days integer not null default 0 check (best_days >= current_days),
  last_date date,  -- the latest that counted, of the zone beside it
  last_zone text check (char_length(last_zone) between 1 and 64),
  completions_count integer not null default 0 check (completions_count >= 0),
  completions_until timestamptz,
  starts_count integer not null default 0 check (starts_count >= 0),
  starts_until timestamptz,
  check ((last_date is null) = (last_zone is null)),
  check ((last_date is null) = (current_days = 0))
) with (fillfactor = 80);
alter table streaks enable row level security;
alter table streaks force row level security;
create policy "people read their own streak" on streaks
  for select using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service begins streaks" on streaks
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service counts days" on streaks
  for update using ((select auth.role()) = 'service_role');
grant select, insert, update on streaks to calixo_challenges;

create function challenges_date_ends_at(day date, zone text) returns timestamptz
  language sql immutable
  as $$ select (day + 1)::timestamp at time zone zone $$;
create function challenges_day_ends_at(moment timestamptz, zone text) returns timestamptz
  language sql immutable
  as $$ select challenges_date_ends_at((moment at time zone zone)::date, zone) $$;

-- The streak after a completion at this time in this zone. A date counts once, and only where the
-- last one has passed both here and in the zone in which it counted: so no change of zone ends a day
-- early or opens two. The streak goes on where the date follows the last one, here or there: a move
-- east that leaves out a date is forgiven where no day was missed in the zone left behind.
create function challenges_streak_after(days integer, best integer, last_date date,
                                        last_zone text, moment timestamptz, zone text)
  returns table (is_new boolean, days_after integer, best_after integer, date_after date,
                 zone_after text)
  language sql immutable
  as $$
    select counted.is_new, counted.days, greatest(best, counted.days),
           case when counted.is_new then counted.here else last_date end,
           case when counted.is_new then zone else last_zone end
    from (
      select dates.here, dates.is_new,
             case when not dates.is_new then days
                  when dates.here = last_date + 1 or dates.there = last_date + 1 then days + 1
                  else 1 end as days
      from (
        select day.here, day.there,
               last_date is null or (day.here > last_date and day.there > last_date) as is_new
        from (select (moment at time zone zone)::date as here,
                     (moment at time zone last_zone)::date as there) as day) as dates) as counted
  $$;

-- The challenges of a person's today, in order: those that were there when the day began, as the
-- date and the person decide, then newcomers as they came. So a day's set keeps still.
create function challenges_todays_set(person uuid, zone text, types text[], size integer)
  returns table (challenge_id integer, place bigint)
  language sql stable
  as $$
    select offer.id, row_number() over (
      order by greatest(offer.scheduled_at, offer.available_from, today.began_at),
               sha256(convert_to(
                 to_char(today.date, 'YYYY-MM-DD') || '/' || person || '/' || offer.id, 'UTF8')),
               offer.id)
    from challenges offer,
      (select date, date::timestamp at time zone zone as began_at
       from (select (now() at time zone zone)::date) as local (date)) as today
    where offer.is_active and offer.schedule = 'daily_set' and offer.type = any(types)
      and (offer.available_from is null or offer.available_from <= now())
      and (offer.available_until is null or offer.available_until > now())
    order by 2 limit size
  $$;

grant insert (rules, offered_reward, energy, experience) on user_challenges to calixo_challenges;
grant update (is_paid, claimed_at, resolved_by, resolved_at, taken_back)
  on user_challenges to calixo_challenges;

-- What days are made of, besides what is always there.
insert into challenges (slug, type, schedule, difficulty, reward, rules,
                        title, title_en, description, description_en)
values
('set-window-seat', 'daily', 'daily_set', 'easy', 10, '{"minutes": 10}',
 'Asiento de ventanilla', 'Window seat',
 'Diez minutos mirando por una ventana, la que sea. Fíjate en lo que se mueve.',
 'Look out of any window for ten minutes. Notice what moves.'),
('set-new-street', 'daily', 'daily_set', 'easy', 15, '{"minutes": 15}',
 'Una calle nueva', 'A new street',
 'Vuelve a casa por una calle que no conozcas, sin mapa.',
 'Go home by a street that you do not know, without a map.'),
('set-paper-list', 'daily', 'daily_set', 'easy', 10, '{}',
 'Lista de papel', 'Paper list',
 'Haz la compra con una lista escrita a mano.',
 'Do your shopping with a list written by hand.'),
('set-plant-care', 'daily', 'daily_set', 'easy', 10, '{}',
 'Algo que crece', 'Something that grows',
 'Riega una planta, o siembra una.',
 'Water a plant, or sow one.'),
('set-call-not-text', 'daily', 'daily_set', 'medium', 20, '{}',
 'La voz primero', 'Voice first',
 'Llama a alguien a quien ibas a escribir.',
 'Call somebody to whom you were about to write.'),
('set-evening-off', 'daily', 'daily_set', 'hard', 35, '{"minutes": 180}',
 'La noche libre', 'The evening off',
 'Apaga el móvil tres horas antes de dormir.',
 'Switch your phone off three hours before you sleep.'),
('set-focus-20', 'focus', 'daily_set', 'medium', 20, '{"minutes": 20}',
 'Veinte minutos de hoy', 'Twenty minutes of today',
 'Elige lo que llevas días aplazando y dale veinte minutos.',
 'Take what you have put off for days and give it twenty minutes.'),
('set-focus-50', 'focus', 'daily_set', 'hard', 40, '{"minutes": 50}',
 'La clase entera', 'The whole lesson',
 'Cincuenta minutos en una sola tarea, como una clase.',
 'Fifty minutes on a single task, like a lesson.'),
('set-share-dessert', 'social', 'daily_set', 'medium', 30, '{"minutes": 20}',
 'Postre a medias', 'Half a dessert each',
 'Comparte un postre con alguien y cuéntale lo mejor de tu día.',
 'Share a dessert with somebody and tell them the best of your day.')
on conflict (slug) do nothing;
