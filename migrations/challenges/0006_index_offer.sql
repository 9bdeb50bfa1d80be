-- What is on offer, in the order of its list: of 1,200 challenges a page reads its own rows alone.

create index challenges_on_offer on challenges (id) where is_active;
