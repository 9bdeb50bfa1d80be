-- The last mail of each purpose that was asked for to an address: how often one may be asked for, and
-- which of several that still wait is the one to send. An address that has no account leaves its
-- digest here as well, so that nothing tells it from one that has.

create table mail_orders (
  recipient_hash bytea not null check (octet_length(recipient_hash) = 32),
  purpose text not null check (char_length(purpose) between 1 and 32),
  order_id uuid not null,
  ordered_at timestamptz not null default now(),
  primary key (recipient_hash, purpose)
);
create index mail_orders_ordered_at on mail_orders (ordered_at);

alter table mail_orders enable row level security;
alter table mail_orders force row level security;

create policy "orders of mail are the service's" on mail_orders
  for all using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on mail_orders to calixo_auth;

-- Whose confirmations a change of address still waits for.
alter table users add column email_change_awaits text[] not null default '{}'
  check (email_change_awaits <@ array['email_change_current', 'email_change_new']);
grant select (email_change_awaits) on users to calixo_auth;
create index users_new_email on users (new_email) where new_email is not null;

-- Codes are looked up by the address they were sent to.
create index one_time_tokens_email on one_time_tokens (email);
