-- The ledger: transactions become the postings of transfers that sum to zero, each written by one
-- statement, and a trigger moves people's balances with them. The store: a catalogue in two
-- languages, what was bought, and by whom.

-- --- accounts ---

-- A person has one account to spend from and one for what is set aside. The house's three keep no
-- balance: it would be one row that every payment waits for.
create table ledger_accounts (
  id bigint generated always as identity (start with 1000) primary key,
  user_id uuid references users (id) on delete set null, -- null: the account was erased
  kind text not null default 'spendable' check (kind in ('spendable', 'held')),
  balance bigint not null default 0 check (balance >= 0),
  created_at timestamptz not null default now(),
  unique (user_id, kind)
) with (fillfactor = 80); -- room for the next version of a row beside it

create sequence ledger_transfers;

-- --- postings ---

alter table transactions
  alter column id type bigint,
  alter column amount type bigint,
  add column transfer_id bigint,
  add column account_id bigint, -- 1 rewards, 2 sales, 3 adjustments; from 1000 on ledger_accounts
  add column reason text check (char_length(reason) between 1 and 40),
  add column source text check (char_length(source) between 1 and 120),
  -- Whether it undoes the one with which it shares reason and source.
  add column is_reversal boolean not null default false;
alter sequence transactions_id_seq as bigint;

-- What was written before there were accounts: each row gets one, and a counterpart.
alter table transactions disable trigger transactions_append_only;
alter table transactions no force row level security;
alter table ledger_accounts no force row level security;
insert into ledger_accounts (user_id, balance)
  select user_id, sum(amount) from transactions where user_id is not null group by user_id;
update transactions t set
  transfer_id = nextval('ledger_transfers'), reason = 'opening', source = 'row:' || t.id,
  account_id = coalesce((select a.id from ledger_accounts a where a.user_id = t.user_id), 3);
insert into transactions (transfer_id, account_id, amount, reason, created_at)
  select transfer_id, 3, -amount, reason, created_at from transactions;
alter table transactions force row level security;
alter table ledger_accounts force row level security;
alter table transactions enable trigger transactions_append_only;

alter table transactions
  alter column transfer_id set not null,
  alter column account_id set not null,
  alter column reason set not null,
  -- No foreign key: each payment would lock the house's row, and the trigger finds the others.
  add check (account_id in (1, 2, 3) or account_id >= 1000),
  -- A person's name and the source stand on the posting that is theirs to see, of the account that
  -- they spend from.
  add check (user_id is null or (account_id >= 1000 and source is not null));

-- A movement is known by these and moves once.
create unique index transactions_once on transactions (user_id, reason, source, is_reversal)
  where user_id is not null;
drop index transactions_user_id;
create index transactions_user_id on transactions (user_id, id desc) where user_id is not null;
drop index transactions_item_id;
create index transactions_item_id on transactions (item_id) where item_id is not null;

create or replace function transactions_refuse_change() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  begin
    -- The erasure of an account, by its foreign key, forgets whose row it was and nothing else.
    if tg_op = 'UPDATE' and pg_trigger_depth() > 1 and new.user_id is null
       and to_jsonb(new) - 'user_id' = to_jsonb(old) - 'user_id' then
      return new;
    end if;
    raise exception 'transactions is append-only: correct a row by a new one'
      using errcode = 'insufficient_privilege';
  end
  $$;

create function ledger_keep_accounts() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$
  begin
    raise exception 'accounts of the ledger stay' using errcode = 'insufficient_privilege';
  end
  $$;
create trigger ledger_accounts_stay before delete or truncate on ledger_accounts
  for each statement execute function ledger_keep_accounts();

-- Whoever posts, the balances move along: with the rights of the tables' owner, the only role that
-- may change one. The accounts are locked in the order of their ids, so that two transfers never
-- wait for each other.
create function ledger_apply_postings() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  declare
    moved record;
  begin
    if exists (select from posted group by transfer_id having sum(amount) <> 0) then
      raise exception 'the postings of a transfer sum to zero and are written by one statement'
        using errcode = 'check_violation', constraint = 'transactions_sum_to_zero';
    end if;
    for moved in
      select account_id, user_id, sum(amount)::bigint as amount from posted
      where account_id >= 1000 group by account_id, user_id order by account_id
    loop
      update public.ledger_accounts a set balance = a.balance + moved.amount
        where a.id = moved.account_id
          and case a.kind when 'spendable' then a.user_id is not distinct from moved.user_id
                          else moved.user_id is null end;
      if not found then
        raise exception 'a posting names an account that is not there or not of that person'
          using errcode = 'foreign_key_violation', constraint = 'transactions_account';
      end if;
    end loop;
    return null;
  end
  $$;
create trigger transactions_apply after insert on transactions
  referencing new table as posted
  for each statement execute function ledger_apply_postings();

-- --- what is set aside ---

create table ledger_holds (
  id bigint generated always as identity primary key,
  user_id uuid references users (id) on delete set null, -- null: the account was erased
  spendable_id bigint not null references ledger_accounts (id) on delete restrict,
  held_id bigint not null references ledger_accounts (id) on delete restrict,
  amount bigint not null check (amount > 0),
  reason text not null check (char_length(reason) between 1 and 40),
  source text not null check (char_length(source) between 1 and 120),
  item_id integer references store_items (id) on delete restrict,
  status text not null default 'open' check (status in ('open', 'captured', 'released')),
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  unique (user_id, reason, source),
  check ((status = 'open') = (settled_at is null))
);
create index ledger_holds_spendable_id on ledger_holds (spendable_id);
create index ledger_holds_held_id on ledger_holds (held_id);
create index ledger_holds_item_id on ledger_holds (item_id) where item_id is not null;

-- --- movements: what the plugin calls; it may not post by itself ---

-- Locks a person's account to the end of the transaction, made before where there was none and
-- `makes` says so. An unknown person is a foreign key violation then.
create function ledger_lock(person uuid, wanted text, makes boolean,
                            out account bigint, out balance bigint)
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  begin
    select a.id, a.balance into account, balance from public.ledger_accounts a
      where a.user_id = person and a.kind = wanted for no key update;
    if found or not makes then
      return;
    end if;
    insert into public.ledger_accounts (user_id, kind) values (person, wanted)
      on conflict (user_id, kind) do nothing;
    select a.id, a.balance into account, balance from public.ledger_accounts a
      where a.user_id = person and a.kind = wanted for no key update;
  end
  $$;

-- Moves between a person's account and one of the house's, once: change > 0 pays, < 0 takes, 0 only
-- locks. outcome: moved; repeated; lacking, where there is less than what would be taken; absent,
-- where there is no account to take from.
create function ledger_move(person uuid, change bigint, house bigint, why text, what_for text,
                            item integer, reverses boolean,
                            out outcome text, out balance bigint, out transfer bigint)
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  declare
    account bigint;
  begin
    -- As ledger_lock does, without its call: this is the hot path.
    select a.id, a.balance into account, balance from public.ledger_accounts a
      where a.user_id = person and a.kind = 'spendable' for no key update;
    if account is null and change >= 0 then
      select l.account, l.balance into account, balance
        from public.ledger_lock(person, 'spendable', true) l;
    end if;
    if account is null then
      outcome := 'absent';
    elsif exists (select from public.transactions t where t.user_id = person and t.reason = why
                    and t.source = what_for and t.is_reversal = reverses) then
      outcome := 'repeated';
    elsif balance + change < 0 then
      outcome := 'lacking';
    else
      outcome := 'moved';
    end if;
    if outcome <> 'moved' or change = 0 then
      return;
    end if;
    transfer := nextval('public.ledger_transfers');
    balance := balance + change;
    insert into public.transactions
        (transfer_id, account_id, user_id, amount, reason, source, item_id, is_reversal)
      values (transfer, account, person, change, why, what_for, item, reverses),
             (transfer, house, null, -change, why, null, item, reverses);
  end
  $$;

-- Takes back what was paid, or as much of it as there is. paid: null where it never was.
create function ledger_take_back(person uuid, why text, what_for text,
                                 out paid bigint, out taken bigint)
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  declare
    there bigint;
    item integer;
  begin
    taken := 0;
    select l.balance into there from public.ledger_lock(person, 'spendable', false) l;
    select t.amount, t.item_id into paid, item from public.transactions t
      where t.user_id = person and t.reason = why and t.source = what_for
        and not t.is_reversal and t.amount > 0;
    if paid is null or there = 0 then
      return;
    end if;
    select case m.outcome when 'moved' then least(paid, there) else 0 end into taken
      from public.ledger_move(person, -least(paid, there), 1, why, what_for, item, true) m;
  end
  $$;

-- Sets aside, once. hold: null where it is lacking, absent, or was moved otherwise.
create function ledger_hold(person uuid, wanted bigint, why text, what_for text, item integer,
                            out hold bigint, out outcome text)
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  declare
    spendable bigint;
    held bigint;
    there bigint;
    transfer bigint;
  begin
    select l.account, l.balance into spendable, there
      from public.ledger_lock(person, 'spendable', false) l;
    select h.id into hold from public.ledger_holds h
      where h.user_id = person and h.reason = why and h.source = what_for;
    if spendable is null then
      outcome := 'absent';
    elsif hold is not null or exists (
        select from public.transactions t where t.user_id = person and t.reason = why
          and t.source = what_for and not t.is_reversal) then
      outcome := 'repeated';
    elsif there < wanted then
      outcome := 'lacking';
    else
      outcome := 'moved';
    end if;
    if outcome <> 'moved' then
      return;
    end if;
    select l.account into held from public.ledger_lock(person, 'held', true) l;
    transfer := nextval('public.ledger_transfers');
    insert into public.transactions
        (transfer_id, account_id, user_id, amount, reason, source, item_id)
      values (transfer, spendable, person, -wanted, why, what_for, item),
             (transfer, held, null, wanted, why, null, item);
    insert into public.ledger_holds
        (user_id, spendable_id, held_id, amount, reason, source, item_id)
      values (person, spendable, held, wanted, why, what_for, item)
      returning id into hold;
  end
  $$;

-- Ends a hold: takes what was set aside, or gives it back. The status that it had before; null
-- where there is none.
create function ledger_settle(hold bigint, captures boolean) returns text
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  declare
    h public.ledger_holds;
    transfer bigint;
  begin
    select * into h from public.ledger_holds where id = hold for update;
    if h.status is distinct from 'open' then
      return h.status;
    end if;
    transfer := nextval('public.ledger_transfers');
    insert into public.transactions
        (transfer_id, account_id, user_id, amount, reason, source, item_id, is_reversal)
      values (transfer, h.held_id, null, -h.amount, h.reason, null, h.item_id, not captures),
             (transfer, case when captures then 2 else h.spendable_id end,
              case when captures then null else h.user_id end, h.amount, h.reason,
              case when captures then null else h.source end, h.item_id, not captures);
    update public.ledger_holds
      set status = case when captures then 'captured' else 'released' end, settled_at = now()
      where id = hold;
    return 'open';
  end
  $$;

-- What administrators paid or took, and why.
create table ledger_adjustments (
  id bigserial primary key,
  user_id uuid references users (id) on delete set null, -- null: the account was erased
  amount bigint not null check (amount <> 0),
  note text not null check (char_length(note) <= 500), -- empty once its person is erased
  made_by uuid references users (id) on delete set null,
  transfer_id bigint not null,
  created_at timestamptz not null default now()
);
create index ledger_adjustments_user_id on ledger_adjustments (user_id, id desc);
create index ledger_adjustments_made_by on ledger_adjustments (made_by);

-- --- the catalogue: name and description are Spanish, name_en and description_en English ---

alter table store_items
  add column slug text check (slug ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
  add column name_en text check (char_length(name_en) between 1 and 120),
  add column description text not null default '' check (char_length(description) <= 2000),
  add column description_en text not null default '' check (char_length(description_en) <= 2000),
  add column category text not null default 'other' check (category ~ '^[a-z][a-z0-9_]{0,31}$'),
  add column stock integer check (stock >= 0),             -- null: any number
  add column available_from timestamptz,
  add column available_until timestamptz,
  add column cosmetic_category text check (cosmetic_category ~ '^[a-z][a-z0-9_]{0,31}$'),
  add column cosmetic_item text check (char_length(cosmetic_item) between 1 and 64),
  add column max_per_user integer check (max_per_user > 0), -- null: any number
  add column updated_at timestamptz not null default now(),
  add check (price <= 1000000000),
  add check (available_until > available_from),
  add check ((cosmetic_category is null) = (cosmetic_item is null)),
  -- Nobody wears two of one.
  add constraint store_items_one_cosmetic
    check (cosmetic_item is null or coalesce(max_per_user = 1, false));

alter table store_items no force row level security;
update store_items set slug = 'item-' || id, name_en = name where slug is null;
alter table store_items force row level security;
alter table store_items
  alter column slug set not null, alter column name_en set not null, add unique (slug);
create index store_items_on_sale on store_items (category, id) where is_active;

-- What people own, and who paid for it.
create table purchases (
  id bigserial primary key,
  user_id uuid references users (id) on delete set null,      -- who paid; null: erased
  recipient_id uuid references users (id) on delete set null, -- whose it is; null: erased
  is_gift boolean not null,
  item_id integer not null references store_items (id) on delete restrict,
  price integer not null check (price >= 0), -- paid
  transfer_id bigint,                        -- null: it was free
  status text not null default 'paid' check (status in ('paid', 'refunded')),
  created_at timestamptz not null default now(),
  refunded_at timestamptz,
  check ((price > 0) = (transfer_id is not null)),
  check ((status = 'refunded') = (refunded_at is not null))
);
create index purchases_user_id on purchases (user_id, id desc);
create index purchases_recipient_id on purchases (recipient_id, id desc);
create index purchases_owned on purchases (recipient_id, item_id) where status = 'paid';
create index purchases_item_id on purchases (item_id);

-- --- who may what ---

alter table ledger_accounts enable row level security;
alter table ledger_accounts force row level security;
alter table ledger_holds enable row level security;
alter table ledger_holds force row level security;
alter table ledger_adjustments enable row level security;
alter table ledger_adjustments force row level security;
alter table purchases enable row level security;
alter table purchases force row level security;

create policy "the ledger keeps its accounts" on ledger_accounts
  to current_user using (true) with check (true);
create policy "users read their own accounts" on ledger_accounts
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the ledger keeps its holds" on ledger_holds
  to current_user using (true) with check (true);
create policy "users read their own holds" on ledger_holds
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');

create policy "users and administrators read adjustments" on ledger_adjustments
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service notes adjustments" on ledger_adjustments
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service forgets notes" on ledger_adjustments
  for update using ((select auth.role()) = 'service_role');

create policy "users read what they bought or were given" on purchases
  for select using (
    user_id = (select auth.uid())
    or recipient_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service sells" on purchases
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service refunds" on purchases
  for update using ((select auth.role()) = 'service_role');

-- An item that was retired meanwhile stays readable to whoever has it.
create policy "people read what they have bought" on store_items
  for select using (
    exists (select from purchases bought
            where bought.item_id = store_items.id
              and (bought.user_id = (select auth.uid())
                   or bought.recipient_id = (select auth.uid()))));

revoke insert on transactions from calixo_store;
revoke usage on sequence transactions_id_seq from calixo_store;
grant select on ledger_accounts, ledger_holds to calixo_store;
grant select, insert on ledger_adjustments, purchases to calixo_store;
grant update (note) on ledger_adjustments to calixo_store;
grant update (status, refunded_at) on purchases to calixo_store;
grant usage on sequence ledger_adjustments_id_seq, purchases_id_seq to calixo_store;

revoke all on function ledger_apply_postings(), ledger_keep_accounts() from public;
revoke all on function ledger_lock(uuid, text, boolean),
  ledger_move(uuid, bigint, bigint, text, text, integer, boolean),
  ledger_take_back(uuid, text, text),
  ledger_hold(uuid, bigint, text, text, integer),
  ledger_settle(bigint, boolean) from public;
grant execute on function ledger_lock(uuid, text, boolean),
  ledger_move(uuid, bigint, bigint, text, text, integer, boolean),
  ledger_take_back(uuid, text, text),
  ledger_hold(uuid, bigint, text, text, integer),
  ledger_settle(bigint, boolean) to calixo_store;

-- --- what every store starts with; administrators change, retire or add to it ---

select set_config('request.jwt.claims', '{"role":"service_role"}', true);

insert into store_items (slug, category, price, premium_only, cosmetic_category, cosmetic_item,
                         max_per_user, name, name_en, description, description_en)
values
('straw-hat', 'hat', 120, false, 'hat', 'straw_hat', 1,
 'Sombrero de paja', 'Straw hat',
 'Para tardes sin prisa y sin cobertura.', 'For slow afternoons without a signal.'),
('beret', 'hat', 90, false, 'hat', 'beret', 1,
 'Boina', 'Beret',
 'Da aspecto de estar pensando en algo importante.',
 'Looks like thinking of something important.'),
('wool-cap', 'hat', 80, false, 'hat', 'wool_cap', 1,
 'Gorro de lana', 'Woolly hat',
 'Abriga las ideas en los paseos de invierno.', 'Keeps ideas warm on winter walks.'),
('round-glasses', 'glasses', 100, false, 'glasses', 'round', 1,
 'Gafas redondas', 'Round glasses',
 'Para leer en papel hasta tarde.', 'For reading on paper until late.'),
('sunglasses', 'glasses', 110, false, 'glasses', 'sunglasses', 1,
 'Gafas de sol', 'Sunglasses',
 'El mundo brilla más que una pantalla.', 'The world is brighter than a screen.'),
('moss', 'color', 60, false, 'color', 'moss', 1,
 'Verde musgo', 'Moss green',
 'El color de un banco a la sombra.', 'The colour of a bench in the shade.'),
('coral', 'color', 60, false, 'color', 'coral', 1,
 'Coral', 'Coral',
 'El color del cielo cuando nadie lo fotografía.',
 'The colour of the sky when nobody takes its picture.'),
('night', 'color', 150, true, 'color', 'night', 1,
 'Noche', 'Night',
 'El color de dormir con el móvil en otra habitación.',
 'The colour of sleeping with the phone in another room.'),
('wild-flowers', 'present', 25, false, null, null, null,
 'Flores silvestres', 'Wild flowers',
 'Un ramo para regalar a quien te acompaña.', 'A bunch for somebody who keeps you company.'),
('pot-of-tea', 'present', 15, false, null, null, null,
 'Tetera para dos', 'A pot of tea for two',
 'Una invitación a hablar sin mirar la hora.',
 'An invitation to talk without looking at the time.'),
('handwritten-card', 'present', 10, false, null, null, null,
 'Tarjeta escrita a mano', 'Handwritten card',
 'Tres líneas que duran más que un mensaje.', 'Three lines that outlast a message.')
on conflict (slug) do nothing;
