#include "db/grants.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "db/admin_session.hpp"
#include "db/migrator.hpp"

namespace calixo::host {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ",") + name;
  return all;
}

std::vector<std::string> divided(std::string_view names) {
  std::vector<std::string> all;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    all.emplace_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return all;
}

std::map<TableGrant, std::string> recorded_grants(AdminSession& session) {
  std::map<TableGrant, std::string> all;  // to the role that gave it
  const ResultSet rows = session.query(
      "select plugin, table_name, privilege, columns, grantor from public.calixo_grants");
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    const auto text = [&](std::size_t column) { return std::string(*rows.value(i, column)); };
    all[{text(0), text(1), text(2), divided(text(3))}] = text(4);
  }
  return all;
}

// The table's owner, or empty.
std::string owner_of(AdminSession& session, const std::string& table) {
  const ResultSet found = session.query(
      "select pg_get_userbyid(relowner) from pg_class"
      " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')"
      " and relname = $1",
      {table});
  return found.empty() ? std::string() : std::string(*found.value(0, 0));
}

bool has_column(AdminSession& session, const std::string& table, const std::string& column) {
  return !session
              .query(
                  "select from pg_attribute where attrelid = format('public.%I', "
                  "$1::text)::regclass"
                  " and attname = $2 and attnum > 0 and not attisdropped",
                  {table, column})
              .empty();
}

bool holds(AdminSession& session, const TableGrant& grant) {
  const std::string role = runtime_role(grant.plugin);
  const std::string table = "format('public.%I', $2::text)::regclass";
  if (grant.columns.empty()) {
    return !session
                .query("select where has_table_privilege($1, " + table + ", $3)",
                       {role, grant.table, grant.privilege})
                .empty();
  }
  return std::all_of(grant.columns.begin(), grant.columns.end(), [&](const std::string& column) {
    return !session
                .query("select where has_column_privilege($1, " + table + ", $4, $3)",
                       {role, grant.table, grant.privilege, column})
                .empty();
  });
}

// Why it can't be given; empty: it can, or need not, be given.
std::string refusal_of(AdminSession& session, const TableGrant& grant, const std::string& owner) {
  const std::string what = "it asks for " + grant.privilege + " on " + grant.table;
  if (owner.empty()) {
    return what + ", and there is no such table: enable the plugin that owns it";
  }
  if (!owner.starts_with("calixo_") || !owner.ends_with("_owner")) {
    return what + ", which belongs to the server and not to a plugin; it can't be granted";
  }
  for (const std::string& column : grant.columns) {
    if (!has_column(session, grant.table, column)) {
      return what + ", which has no column " + column +
             ": install a version of the plugin that fits the table's owner";
    }
  }
  return {};
}

// "select ("id", "email") on public."users"": every name quoted.
std::string privilege_text(AdminSession& session, const TableGrant& grant) {
  std::string columns;
  for (const std::string& column : grant.columns) {
    columns += (columns.empty() ? " (" : ", ") + session.quote_identifier(column);
  }
  if (!columns.empty()) columns += ")";
  return grant.privilege + columns + " on public." + session.quote_identifier(grant.table);
}

void change(AdminSession& session, const TableGrant& grant, const std::string& owner,
            const char* verb, const char* preposition) {
  session.execute("set local role " + session.quote_identifier(owner));
  session.execute(std::string(verb) + " " + privilege_text(session, grant) + " " + preposition +
                  " " + session.quote_identifier(runtime_role(grant.plugin)));
  session.execute("reset role");
}

bool role_exists(AdminSession& session, const std::string& role) {
  return !session.query("select where to_regrole(quote_ident($1)) is not null", {role}).empty();
}

void take_back(AdminSession& session, const TableGrant& grant, const std::string& grantor) {
  // A table that went, or changed hands, took the grant with it.
  const bool is_there =
      owner_of(session, grant.table) == grantor &&
      std::all_of(grant.columns.begin(), grant.columns.end(), [&](const std::string& column) {
        return has_column(session, grant.table, column);
      });
  if (is_there && role_exists(session, runtime_role(grant.plugin))) {
    change(session, grant, grantor, "revoke", "from");
  }
  session.query(
      "delete from public.calixo_grants"
      " where plugin = $1 and table_name = $2 and privilege = $3 and columns = $4",
      {grant.plugin, grant.table, grant.privilege, joined(grant.columns)});
}

void give(AdminSession& session, const TableGrant& grant, const std::string& owner) {
  change(session, grant, owner, "grant", "to");
  session.query(
      "insert into public.calixo_grants (plugin, table_name, privilege, columns, grantor)"
      " values ($1, $2, $3, $4, $5) on conflict (plugin, table_name, privilege, columns)"
      " do update set grantor = excluded.grantor",
      {grant.plugin, grant.table, grant.privilege, joined(grant.columns), owner});
}

std::vector<GrantRefusal> bring_in_line(AdminSession& session,
                                        const std::vector<TableGrant>& wanted) {
  std::vector<GrantRefusal> refusals;
  const std::map<TableGrant, std::string> recorded = recorded_grants(session);
  // First: taking back a whole table's privilege takes its columns' as well.
  for (const auto& [grant, grantor] : recorded) {
    const bool stays = std::find(wanted.begin(), wanted.end(), grant) != wanted.end();
    if (!stays) take_back(session, grant, grantor);
  }
  for (const TableGrant& grant : wanted) {
    const std::string owner = owner_of(session, grant.table);
    if (owner == owner_role(grant.plugin)) continue;
    if (std::string refusal = refusal_of(session, grant, owner); !refusal.empty()) {
      refusals.push_back({grant.plugin, std::move(refusal)});
      continue;
    }
    const auto before = recorded.find(grant);
    const bool stands = before != recorded.end() && before->second == owner;
    if (!stands || !holds(session, grant)) give(session, grant, owner);
  }
  return refusals;
}

}  // namespace

std::vector<GrantRefusal> apply_grants(AdminSession& session, std::vector<TableGrant> wanted) {
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  session.execute("begin");
  try {
    std::vector<GrantRefusal> refusals = bring_in_line(session, wanted);
    session.execute("commit");
    return refusals;
  } catch (const AdminError&) {
    session.abandon();
    throw;
  }
}

}  // namespace calixo::host
