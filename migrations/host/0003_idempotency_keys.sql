-- Requests that bore an Idempotency-Key and what they were answered, written by the commit that did
-- what was asked. Neither the key nor the answer can be read here: key_hash is a digest, and the
-- answer is encrypted under the key, which only its client has.

create table idempotency_keys (
  key_hash bytea primary key check (octet_length(key_hash) = 32),       -- of caller and key
  fingerprint bytea not null check (octet_length(fingerprint) = 32),    -- of the request
  sealed_answer bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index idempotency_keys_expires_at on idempotency_keys (expires_at);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;

create policy "the service keeps idempotency keys" on idempotency_keys
  using ((select auth.role()) = 'service_role') with check ((select auth.role()) = 'service_role');

grant select, insert, update, delete on idempotency_keys to calixo_host_runtime;
