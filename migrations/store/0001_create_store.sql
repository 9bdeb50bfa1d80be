-- What can be bought, and every movement of the in-app currency. transactions only ever grows:
-- nobody holds UPDATE or DELETE on it, and a trigger refuses both to its owner as well.

create table store_items (
  id serial primary key,
  name text not null check (char_length(name) between 1 and 120),
  price integer not null check (price >= 0),
  premium_only boolean not null default false,
  is_active boolean not null default true,
  created_at timestamptz not null default now()
);

create table transactions (
  id serial primary key,
  user_id uuid references users (id) on delete set null, -- null: the account was erased
  item_id integer references store_items (id) on delete restrict,
  amount integer not null check (amount <> 0),
  created_at timestamptz not null default now()
);
create index transactions_user_id on transactions (user_id, id desc);
create index transactions_item_id on transactions (item_id);

create function transactions_refuse_change() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  begin
    -- The erasure of an account, by its foreign key, forgets whose row it was and nothing else.
    if tg_op = 'UPDATE' and pg_trigger_depth() > 1 and new.user_id is null
       and (new.id, new.amount, new.created_at) = (old.id, old.amount, old.created_at)
       and new.item_id is not distinct from old.item_id then
      return new;
    end if;
    raise exception 'transactions is append-only: correct a row by a new one'
      using errcode = 'insufficient_privilege';
  end
  $$;
create trigger transactions_append_only before update or delete on transactions
  for each row execute function transactions_refuse_change();
create trigger transactions_no_truncate before truncate on transactions
  for each statement execute function transactions_refuse_change();

alter table store_items enable row level security;
alter table store_items force row level security;
alter table transactions enable row level security;
alter table transactions force row level security;

create policy "everybody reads what is on sale" on store_items
  for select using (
    is_active
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "administrators add items" on store_items
  for insert with check (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "administrators change items" on store_items
  for update using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');
create policy "administrators remove items" on store_items
  for delete using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');

create policy "users read their own movements" on transactions
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service books" on transactions
  for insert with check ((select auth.role()) = 'service_role');

grant select, insert, update, delete on store_items to calixo_store;
grant select, insert on transactions to calixo_store;
grant usage on sequence store_items_id_seq, transactions_id_seq to calixo_store;
