-- What a person's avatar has unlocked and wears. Unlocking follows rules (level, purchase), so only
-- the service writes.

create table avatar_customizations (
  id serial primary key,
  user_id uuid not null references users (id) on delete cascade,
  category text not null check (category ~ '^[a-z][a-z0-9_]{0,31}$'), -- color, hat, glasses
  item_id text not null check (char_length(item_id) between 1 and 64),
  unlocked_at timestamptz not null default now(),
  equipped boolean not null default false,
  unique (user_id, category, item_id)
);
create unique index avatar_customizations_one_equipped
  on avatar_customizations (user_id, category) where equipped;

alter table avatar_customizations enable row level security;
alter table avatar_customizations force row level security;

create policy "users read their own wardrobe" on avatar_customizations
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) in ('moderator', 'admin'));
create policy "the service unlocks" on avatar_customizations
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service equips" on avatar_customizations
  for update using ((select auth.role()) = 'service_role');
create policy "the service takes back" on avatar_customizations
  for delete using ((select auth.role()) = 'service_role');

grant select, insert, delete on avatar_customizations to calixo_avatar;
grant update (equipped) on avatar_customizations to calixo_avatar;
grant usage on sequence avatar_customizations_id_seq to calixo_avatar;
