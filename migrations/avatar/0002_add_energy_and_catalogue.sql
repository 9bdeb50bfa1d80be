-- What an avatar lives on, what feeds it, and the catalogue of what it may wear.
--
-- Energy is kept as it was at the last event, in thousandths, and falls from there: avatar_energy()
-- is the only place that says how. Nothing goes over all avatars; a row keeps when it is next to be
-- looked at (next_told_at), and those that are due are told of what they crossed.

create table avatar_items (
  id serial primary key,
  category text not null check (category ~ '^[a-z][a-z0-9_]{0,31}$'),
  item_id text not null check (char_length(item_id) between 1 and 64),
  name text not null check (char_length(name) between 1 and 80),
  name_en text not null check (char_length(name_en) between 1 and 80),
  unlock_level integer check (unlock_level between 1 and 1000),    -- either opens it;
  unlock_streak integer check (unlock_streak between 1 and 36500), -- both null: bought or given
  is_active boolean not null default true, -- false: retired, nobody gets it any more
  created_at timestamptz not null default now(),
  unique (category, item_id)
);

create table avatars (
  user_id uuid primary key references users (id) on delete cascade,
  energy integer not null check (energy between 0 and 100000),
  energy_at timestamptz not null default now(),
  experience bigint not null default 0 check (experience between 0 and 1000000000000),
  streak_best integer not null default 0 check (streak_best >= 0),
  told_fall smallint not null default 0 check (told_fall between 0 and 2), -- as avatar_drowsiness()
  told_level integer not null default 1 check (told_level >= 1),
  -- No later than the next crossing; null: there is none to come. A feeding puts a crossing off and
  -- leaves this as it is, so that the row's update touches no index.
  next_told_at timestamptz default now()
) with (fillfactor = 80);
create index avatars_due on avatars (next_told_at) where next_told_at is not null;

create table avatar_feedings (
  -- The avatar's row, which the feeding's statement writes anyway, and not the account's.
  user_id uuid not null references avatars (user_id) on delete cascade,
  source text not null check (char_length(source) between 1 and 120), -- "attempt:17"
  energy integer not null check (energy between 0 and 100),
  experience integer not null check (experience between 0 and 1000000),
  fed_at timestamptz not null default now(),
  primary key (user_id, source) -- once
);

-- Each uses its arguments once: so its query takes it in, and pays for no call.

-- Thousandths that are left at `at` of what there was at `since`.
create function avatar_energy(energy integer, since timestamptz, at timestamptz,
                              decay_per_day integer) returns integer
  language sql immutable parallel safe
  return greatest(0, energy - floor(
    greatest(0, date_part('epoch', at - since)) * decay_per_day / 86.4))::integer;

-- The whole second after which no more than `floor` thousandths are left; null: never.
create function avatar_falls_at(energy integer, since timestamptz, floor integer,
                                decay_per_day integer) returns timestamptz
  language sql stable parallel safe -- as adding to a timestamptz is
  return since + make_interval(secs =>
    ceil(greatest(0, energy - floor) * 86.4::float8 / nullif(decay_per_day, 0)));

-- 0: awake, 1: tired, 2: asleep. All in thousandths; asleep is never above tired.
create function avatar_drowsiness(energy integer, tired integer, asleep integer) returns integer
  language sql immutable parallel safe
  return 2 - width_bucket(energy, array[asleep + 1, tired + 1]);

alter table avatar_items enable row level security;
alter table avatar_items force row level security;
alter table avatars enable row level security;
alter table avatars force row level security;
alter table avatar_feedings enable row level security;
alter table avatar_feedings force row level security;

-- Retired ones as well: somebody may wear one.
create policy "everybody reads the catalogue" on avatar_items for select using (true);
create policy "administrators add cosmetics" on avatar_items
  for insert with check (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "administrators change cosmetics" on avatar_items
  for update using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "administrators remove cosmetics" on avatar_items
  for delete using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');

create policy "an avatar is seen by whoever may see its person" on avatars
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or ((select auth.role()) = 'authenticated' and profile_is_visible(user_id)));
create policy "the service makes avatars" on avatars
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service feeds avatars" on avatars
  for update using ((select auth.role()) = 'service_role');

create policy "users and moderators read feedings" on avatar_feedings
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "the service notes feedings" on avatar_feedings
  for insert with check ((select auth.role()) = 'service_role');

-- One policy: alternatives are tried in their order, and the last one asks a function.
drop policy "users read their own wardrobe" on avatar_customizations;
create policy "a wardrobe is its person's, what is worn is seen with them" on avatar_customizations
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin')
    or (equipped and (select auth.role()) = 'authenticated' and profile_is_visible(user_id)));

grant select, insert, update, delete on avatar_items to calixo_avatar;
grant usage on sequence avatar_items_id_seq to calixo_avatar;
grant select, insert, update on avatars to calixo_avatar;
grant select, insert on avatar_feedings to calixo_avatar; -- a feeding is never undone or done again

-- The catalogue every Calixo starts with; a later start never writes over an administrator's edits.
select set_config('request.jwt.claims', '{"role":"service_role"}', true);

insert into avatar_items (category, item_id, name, name_en, unlock_level, unlock_streak) values
('color', 'clay', 'Arcilla', 'Clay', 1, null),
('color', 'moss', 'Musgo', 'Moss', 2, null),
('color', 'sand', 'Arena', 'Sand', 1, null),
('color', 'coral', 'Coral', 'Coral', 3, null),
('color', 'lavender', 'Lavanda', 'Lavender', 6, null),
('color', 'night', 'Noche', 'Night', null, 7),
('color', 'gold', 'Oro', 'Gold', null, 100),
('hat', 'straw_hat', 'Sombrero de paja', 'Straw hat', 2, null),
('hat', 'wool_cap', 'Gorro de lana', 'Wool cap', 5, null),
('hat', 'beret', 'Boina', 'Beret', null, null),
('hat', 'sailor_cap', 'Gorra de marinero', 'Sailor cap', null, 14),
('hat', 'crown', 'Corona', 'Crown', 25, 60),
('glasses', 'round', 'Gafas redondas', 'Round glasses', 4, null),
('glasses', 'sunglasses', 'Gafas de sol', 'Sunglasses', null, 3),
('glasses', 'monocle', 'Monóculo', 'Monocle', null, null),
('background', 'meadow', 'Prado', 'Meadow', 1, null),
('background', 'beach', 'Playa', 'Beach', 8, null),
('background', 'mountains', 'Montañas', 'Mountains', 12, null),
('background', 'library', 'Biblioteca', 'Library', null, 30),
('background', 'night_sky', 'Cielo nocturno', 'Night sky', null, null);

-- What was unlocked before there was a catalogue stays.
insert into avatar_items (category, item_id, name, name_en, is_active)
select distinct category, item_id, item_id, item_id, false from avatar_customizations
on conflict (category, item_id) do nothing;

-- What somebody unlocked is never deleted from the catalogue.
alter table avatar_customizations add constraint avatar_customizations_item
  foreign key (category, item_id) references avatar_items (category, item_id) on delete restrict;
create index avatar_customizations_item on avatar_customizations (category, item_id);
