-- Of people who erased their account, to be ended at Stripe: nobody goes on paying for it.

create table stripe_cancellations (
  subscription_id text primary key check (char_length(subscription_id) between 1 and 255),
  ordered_at timestamptz not null default now()
);

alter table stripe_cancellations enable row level security;
alter table stripe_cancellations force row level security;

create policy "cancellations are the service's" on stripe_cancellations
  for all using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on stripe_cancellations to calixo_billing;
