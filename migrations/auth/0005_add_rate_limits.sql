-- How often something was asked for within a window, over all nodes. Unlogged: after a crash of the
-- database counting begins anew.
create unlogged table auth_rate_limits (
  key bytea primary key check (octet_length(key) = 32), -- SHA-256 of what is limited, and whom
  hits integer not null,
  resets_at timestamptz not null
);
create index auth_rate_limits_resets_at on auth_rate_limits (resets_at);

alter table auth_rate_limits enable row level security;
alter table auth_rate_limits force row level security;
create policy "limits are the service's" on auth_rate_limits
  for all using ((select auth.role()) = 'service_role');
grant select, insert, update, delete on auth_rate_limits to calixo_auth;
