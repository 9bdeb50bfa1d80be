-- A checkout keeps its coupon for whom it leads to Stripe, until it is over or can't be paid any
-- more: else more people than may would pay less.

create table coupon_holds (
  coupon_id integer not null references coupons (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  session_id text not null check (char_length(session_id) between 1 and 255),
  held_until timestamptz not null,
  primary key (coupon_id, user_id)
);
create index coupon_holds_user_id on coupon_holds (user_id);
create index coupon_holds_session_id on coupon_holds (session_id);

alter table coupon_holds enable row level security;
alter table coupon_holds force row level security;

create policy "holds are the service's" on coupon_holds
  for all using ((select auth.role()) = 'service_role');

grant select, insert, update, delete on coupon_holds to calixo_billing;
