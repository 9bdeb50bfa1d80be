-- Stripe's subscriptions as last reported, and promotional codes. A code is worth money to whoever
-- can list it, so only administrators and the service read coupons.

create table subscriptions (
  id serial primary key,
  user_id uuid not null references users (id) on delete cascade,
  stripe_subscription_id text unique check (char_length(stripe_subscription_id) <= 255),
  status text not null check (status in (
    'incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'canceled', 'unpaid',
    'paused')),
  plan text check (char_length(plan) <= 255),
  current_period_end timestamptz,
  created_at timestamptz not null default now()
);
create index subscriptions_user_id on subscriptions (user_id, id desc);

create table coupons (
  id serial primary key,
  code text unique not null check (code = upper(code) and char_length(code) between 3 and 64),
  discount_percent integer not null check (discount_percent between 1 and 100),
  valid_until timestamptz, -- null: without end
  created_at timestamptz not null default now()
);

alter table subscriptions enable row level security;
alter table subscriptions force row level security;
alter table coupons enable row level security;
alter table coupons force row level security;

create policy "users read their own subscription" on subscriptions
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service records subscriptions" on subscriptions
  for insert with check ((select auth.role()) = 'service_role');
create policy "the service follows subscriptions" on subscriptions
  for update using ((select auth.role()) = 'service_role');
create policy "the service erases subscriptions" on subscriptions
  for delete using ((select auth.role()) = 'service_role');

create policy "administrators and the service keep coupons" on coupons
  for all using (
    (select auth.role()) = 'service_role' or (select auth.app_role()) = 'admin');

grant select, insert, update, delete on subscriptions to calixo_billing;
grant select, insert, update, delete on coupons to calixo_billing;
grant usage on sequence subscriptions_id_seq, coupons_id_seq to calixo_billing;
