-- What a provider gave for its own services waits here until the client exchanges its code: sealed
-- with a key that is made of that code, of which nothing but a digest is kept.
alter table flow_states
  add column provider_tokens bytea check (octet_length(provider_tokens) between 29 and 8256);
