-- What a purchase cost less by a promotional code. The code is the coupons' plugin's: here it is a
-- text, which stays when the coupon goes.

alter table purchases
  add column coupon text check (char_length(coupon) between 1 and 64),
  add column discount integer not null default 0 check (discount >= 0), -- price is what was paid
  add check ((discount > 0) = (coupon is not null));
