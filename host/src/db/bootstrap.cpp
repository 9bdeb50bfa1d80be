#include "db/bootstrap.hpp"

#include "db/sha256.hpp"

namespace calixo::host {
namespace {

// nullif: a setting that was local to an earlier transaction reads as '' afterwards. The functions
// have no SET clause, which would keep PostgreSQL from inlining them (measured: 40 µs a statement);
// so their names are qualified instead.
// btree_gist lets plugins' tables keep ranges of one owner apart, which only who may create in the
// database can add. PostgreSQL trusts it: the database's owner need be no superuser.
constexpr const char* kSchemas = R"(
revoke all on schema public from public;
create schema if not exists auth;
create extension if not exists btree_gist with schema public;
grant usage on schema auth to public;
create or replace function auth.jwt() returns jsonb
  language sql stable parallel safe
  as $$ select nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::pg_catalog.jsonb $$;
create or replace function auth.uid() returns uuid
  language sql stable parallel safe
  as $$ select coalesce(
    nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), ''),
    nullif(auth.jwt() operator(pg_catalog.->>) 'sub', ''))::pg_catalog.uuid $$;
create or replace function auth.role() returns text
  language sql stable parallel safe
  as $$ select coalesce(
    nullif(pg_catalog.current_setting('request.jwt.claim.role', true), ''),
    nullif(auth.jwt() operator(pg_catalog.->>) 'role', ''), 'anon') $$;
create or replace function auth.app_role() returns text
  language sql stable parallel safe
  as $$
    select case auth.role()
      when 'authenticated' then coalesce(
        auth.jwt() operator(pg_catalog.->) 'app_metadata' operator(pg_catalog.->>) 'role', 'user')
      else 'anonymous'
    end
  $$;
create table if not exists public.calixo_migrations (
  plugin text not null,
  number integer not null check (number > 0),
  name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at timestamptz not null default now(),
  took_ms bigint not null check (took_ms >= 0),
  primary key (plugin, number)
);
create table if not exists public.calixo_grants (
  plugin text not null,
  table_name text not null,
  privilege text not null check (privilege in ('select', 'insert', 'update', 'delete')),
  columns text not null,
  grantor text not null,
  primary key (plugin, table_name, privilege, columns)
);
alter table public.calixo_grants enable row level security;
alter table public.calixo_grants force row level security;
alter table public.calixo_migrations enable row level security;
alter table public.calixo_migrations force row level security;
do $$ begin
  if not exists (select from pg_policies where tablename = 'calixo_migrations') then
    create policy "the server keeps the ledger" on public.calixo_migrations
      to current_user using (true) with check (true);
  end if;
  if not exists (select from pg_policies where tablename = 'calixo_grants') then
    create policy "the server keeps the grants" on public.calixo_grants
      to current_user using (true) with check (true);
  end if;
  execute pg_catalog.format('revoke temporary on database %I from public',
                            pg_catalog.current_database());
end $$;
)";

constexpr const char* kSetConfig = "pg_catalog.set_config(text, text, boolean)";

bool role_exists(AdminSession& session, const std::string& role) {
  return !session.query("select from pg_roles where rolname = $1", {role}).empty();
}

// Membership lets the server's login become the role. A server before 16 can't say "with set", and
// from 16 on it is the default.
void make_role(AdminSession& session, const std::string& role) {
  const std::string name = session.quote_identifier(role);
  if (!role_exists(session, role)) session.execute("create role " + name + " nologin");
  const ResultSet is_member = session.query(
      "select from pg_auth_members m join pg_roles r on r.oid = m.roleid"
      " join pg_roles u on u.oid = m.member where r.rolname = $1 and u.rolname = session_user"
      " and (current_setting('server_version_num')::int < 160000"
      "      or coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))",
      {role});
  if (is_member.empty()) session.execute("grant " + name + " to session_user");
}

// PostgreSQL's text form of an array; role names are plain words.
std::string array_of_roles(const std::vector<MigrationSet>& sets, std::size_t& count) {
  std::string roles;
  count = 0;
  for (const MigrationSet& set : sets) {
    for (const std::string& role : {runtime_role(set.plugin), owner_role(set.plugin)}) {
      if (role.empty()) continue;
      roles += (count++ == 0 ? "\"" : ",\"") + role + "\"";
    }
  }
  return "{" + roles + "}";
}

std::string version_mark() { return "prepared by " + sha256_hex(kSchemas); }

}  // namespace

bool is_bootstrapped(AdminSession& session, const std::vector<MigrationSet>& sets) {
  std::size_t role_count = 0;
  const std::string roles = array_of_roles(sets, role_count);
  const ResultSet answer = session.query(
      "select where obj_description(to_regclass('public.calixo_migrations'), 'pg_class') = $1"
      " and (select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
      "      where n.nspname = 'auth'"
      "        and p.proname in ('jwt', 'uid', 'role', 'app_role')) = 4"
      " and (select count(*) from pg_roles where rolname = any ($2::text[])"
      "      and pg_has_role(session_user, oid, 'member')"
      "      and has_schema_privilege(oid, 'public', 'usage')) = $3::bigint",
      {version_mark(), roles, std::to_string(role_count)});
  return !answer.empty() && (!may_fence_roles(session) || is_role_fenced(session));
}

bool may_fence_roles(AdminSession& session) {
  return !session
              .query(
                  "select from pg_catalog.pg_proc p"
                  " where p.oid = 'pg_catalog.set_config(text, text, boolean)'::regprocedure"
                  " and pg_has_role(session_user, p.proowner, 'usage')")
              .empty();
}

bool is_role_fenced(AdminSession& session) {
  return !session
              .query(
                  "select where not has_function_privilege("
                  "'public', 'pg_catalog.set_config(text, text, boolean)', 'execute')"
                  " and has_function_privilege("
                  "session_user, 'pg_catalog.set_config(text, text, boolean)', 'execute')"
                  " and not has_table_privilege('public', 'pg_catalog.pg_settings', 'update')")
              .empty();
}

void fence_roles(AdminSession& session, const std::string& login) {
  const std::string function = std::string("function ") + kSetConfig;
  session.execute("revoke execute on " + function + " from public; grant execute on " + function +
                  " to " + session.quote_identifier(login) +
                  " with grant option;"
                  // Its rule calls set_config.
                  " revoke update on pg_catalog.pg_settings from public");
}

void bootstrap_database(AdminSession& session) {
  session.execute(kSchemas);
  if (may_fence_roles(session)) {
    fence_roles(session, std::string(*session.query("select session_user").value(0, 0)));
  }
  session.execute("comment on table public.calixo_migrations is '" + version_mark() + "'");
}

void bootstrap_roles(AdminSession& session, const std::string& plugin) {
  const std::string runtime = runtime_role(plugin);
  make_role(session, runtime);
  session.execute("grant usage on schema public to " + session.quote_identifier(runtime));
  const std::string owner = owner_role(plugin);
  if (owner.empty()) return;
  make_role(session, owner);
  session.execute("grant usage, create on schema public to " + session.quote_identifier(owner));
}

}  // namespace calixo::host
