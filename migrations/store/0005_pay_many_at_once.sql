-- What is paid to many people in one transaction is one statement.

-- Pays each person from the rewards' account (1), once for a reason and a source; movement i is made
-- of the arrays' values i. An unknown person is a foreign key violation.
create function ledger_pay(persons uuid[], amounts bigint[], reasons text[], sources text[],
                           items integer[]) returns void
  language plpgsql security definer set search_path = pg_catalog, public
  as $$
  begin
    insert into public.ledger_accounts (user_id, kind)
      select distinct person, 'spendable' from unnest(persons) as given (person)
      where not exists (select from public.ledger_accounts a
                        where a.user_id = person and a.kind = 'spendable')
      order by person
      on conflict (user_id, kind) do nothing;
    -- Until the accounts are locked another may be paying the same; in the order of their ids, as
    -- the postings' trigger takes them.
    perform from public.ledger_accounts a
      where a.user_id = any (persons) and a.kind = 'spendable' order by a.id for no key update;
    with given as (
      select distinct on (person, reason, source) person, amount, reason, source, item, place
      from unnest(persons, amounts, reasons, sources, items) with ordinality
        as given (person, amount, reason, source, item, place)
      order by person, reason, source, place),
    movement as materialized (
      select nextval('public.ledger_transfers') as transfer, a.id as account, given.*
      from given join public.ledger_accounts a on a.user_id = person and a.kind = 'spendable'
      where not exists (select from public.transactions t
                        where t.user_id = person and t.reason = given.reason
                          and t.source = given.source and not t.is_reversal))
    insert into public.transactions
        (transfer_id, account_id, user_id, amount, reason, source, item_id)
      select m.transfer, side.account, side.owner, side.change, m.reason, side.what_for, m.item
      from movement m,
        lateral (values (1, m.account, m.person, m.amount, m.source), (2, 1, null, -m.amount, null))
          as side (place, account, owner, change, what_for)
      order by m.place, side.place;
  end
  $$;
revoke all on function ledger_pay(uuid[], bigint[], text[], text[], integer[]) from public;
grant execute on function ledger_pay(uuid[], bigint[], text[], text[], integer[]) to calixo_store;
