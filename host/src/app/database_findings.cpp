#include "app/database_findings.hpp"

#include <cstdint>
#include <string>

#include "cli/report_session.hpp"

namespace calixo::host {
namespace {

constexpr std::int64_t kVersionMin = 150000;
constexpr std::int64_t kConnectionSharePercentMax = 80;

// The one value that the statement answers.
template <class T>
T single(ReportSession& session, const std::string& sql) {
  return std::get<T>(session.query(sql).rows.at(0).at(0));
}

std::int64_t number(ReportSession& session, const std::string& sql) {
  return single<std::int64_t>(session, sql);
}

std::string text(ReportSession& session, const std::string& sql) {
  return single<std::string>(session, sql);
}

}  // namespace

void look_at_server(ReportSession& session, std::vector<Finding>& findings) {
  const std::string version = text(session, "select current_setting('server_version')");
  const bool is_new_enough =
      number(session, "select current_setting('server_version_num')::bigint") >= kVersionMin;
  findings.push_back({"database", is_new_enough,
                      "PostgreSQL " + version + (is_new_enough ? "" : "; at least 15 is needed")});
  const bool may_make_roles = number(session,
                                     "select (rolcreaterole or rolsuper)::int::bigint from pg_roles"
                                     " where rolname = current_user") == 1;
  findings.push_back({"database role", may_make_roles,
                      may_make_roles ? "may make the plugins' roles"
                                     : "can't make the plugins' roles: alter role … createrole"});
}

void look_at_role_fence(ReportSession& session, std::vector<Finding>& findings) {
  const std::string function = "'pg_catalog.set_config(text, text, boolean)'";
  const bool is_fenced =
      number(session, "select (not has_function_privilege('public', " + function +
                          ", 'execute') and not has_table_privilege('public',"
                          " 'pg_catalog.pg_settings', 'update'))::int::bigint") == 1;
  const bool may_fence =
      number(session, "select count(*) from pg_proc where oid = " + function +
                          "::regprocedure and pg_has_role(session_user, proowner, 'usage')") == 1;
  if (is_fenced) {
    findings.push_back({"plugins' roles", true,
                        "the server's guard and the database keep each plugin in its own role"});
  } else if (may_fence) {
    findings.push_back({"plugins' roles", false,
                        "every role may call set_config: the next start, or `calixo migrate up`, "
                        "takes it back"});
  } else {
    findings.push_back(
        {"plugins' roles", true,
         "the server's guard alone keeps each plugin in its own role, as this login is no "
         "superuser. For the database to hold it as well, one may run: revoke execute on function "
         "pg_catalog.set_config(text, text, boolean) from public; grant execute on function "
         "pg_catalog.set_config(text, text, boolean) to (the server's login) with grant option; "
         "revoke update on pg_catalog.pg_settings from public"});
  }
}

void look_at_tables(ReportSession& session, std::vector<Finding>& findings) {
  const std::string open =
      text(session,
           "select coalesce(string_agg(relname, ', ' order by relname), '') from pg_class"
           " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
           " and not (relrowsecurity and relforcerowsecurity)");
  findings.push_back({"row level security", open.empty(),
                      open.empty() ? "enabled and forced on every table"
                                   : "not forced on " + open +
                                         ": alter table … enable, force row level security"});
  findings.push_back(
      {"size", true, text(session, "select pg_size_pretty(pg_database_size(current_database()))")});
}

void look_at_activity(ReportSession& session, std::vector<Finding>& findings) {
  const std::int64_t used = number(session, "select count(*) from pg_stat_activity");
  const std::int64_t limit = number(session, "select current_setting('max_connections')::bigint");
  const bool has_room = used * 100 < limit * kConnectionSharePercentMax;
  findings.push_back(
      {"connections", has_room,
       std::to_string(used) + " of " + std::to_string(limit) +
           (has_room ? "" : "; raise max_connections or lower database.pipelines_per_loop")});
  const std::int64_t idle =
      number(session,
             "select count(*) from pg_stat_activity where state = 'idle in transaction'"
             " and state_change < now() - interval '1 minute'");
  findings.push_back({"transactions", idle == 0,
                      idle == 0 ? "none is left open"
                                : std::to_string(idle) + " idle for over a minute: find them in "
                                                         "pg_stat_activity"});
}

}  // namespace calixo::host
