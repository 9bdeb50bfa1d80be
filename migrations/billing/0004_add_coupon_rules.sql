-- What a promotional code is good for, and who redeemed it. A code is redeemed under the lock of its
-- row, which also counts: so its limits hold however many try at once.

alter table coupons
  add column valid_from timestamptz, -- null: since ever
  add column redemptions_max integer check (redemptions_max >= 1), -- null: any number
  add column redemptions_per_user_max integer default 1
    check (redemptions_per_user_max >= 1), -- null: any number
  add column plans text[] check (cardinality(plans) between 1 and 50), -- null: all
  add column valid_for text not null default 'both'
    check (valid_for in ('subscription', 'store', 'both')),
  add column is_active boolean not null default true,
  add column redeemed_count integer not null default 0 check (redeemed_count >= 0),
  add column updated_at timestamptz not null default now(),
  add constraint coupons_ends_after_start check (valid_until > valid_from),
  -- Plans are what is subscribed to.
  add constraint coupons_plans_are_subscribed check (plans is null or valid_for <> 'store');

create table coupon_redemptions (
  id bigserial primary key,
  user_id uuid references users (id) on delete set null, -- null: erased
  coupon_id integer not null references coupons (id) on delete restrict,
  sold_for text not null check (char_length(sold_for) between 1 and 255), -- "purchase:17"
  created_at timestamptz not null default now(),
  unique (coupon_id, sold_for)
);
create index coupon_redemptions_user_id on coupon_redemptions (user_id, coupon_id);

alter table coupon_redemptions enable row level security;
alter table coupon_redemptions force row level security;

create policy "users read what they redeemed" on coupon_redemptions
  for select using (
    user_id = (select auth.uid())
    or (select auth.role()) = 'service_role'
    or (select auth.app_role()) = 'admin');
create policy "the service redeems" on coupon_redemptions
  for insert with check ((select auth.role()) = 'service_role');

grant select, insert on coupon_redemptions to calixo_billing;
grant usage on sequence coupon_redemptions_id_seq to calixo_billing;
