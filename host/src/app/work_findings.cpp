#include "app/work_findings.hpp"

#include <cstdint>
#include <string>

#include "cli/report_session.hpp"
#include "db/database.hpp"

namespace calixo::host {
namespace {

std::int64_t number(ReportSession& session, const std::string& sql) {
  return std::get<std::int64_t>(session.query(sql).rows.at(0).at(0));
}

// `area` is also the command's word: events, jobs.
void look_at(ReportSession& session, const std::string& area, const std::string& table,
             std::vector<Finding>& findings) {
  const std::int64_t dead =
      number(session, "select count(*) from " + table + " where state = 'dead'");
  findings.push_back({area, dead == 0,
                      dead == 0 ? "no dead letters"
                                : std::to_string(dead) + " dead letters: see `calixo " + area +
                                      " list`, mend the cause, then `calixo " + area +
                                      " replay ID` or `--all`"});
  const std::int64_t late = number(session, "select count(*) from " + table +
                                                " where state = 'pending' and due_at < now() - "
                                                "interval '5 minutes'");
  if (late == 0) return;
  findings.push_back({area, false,
                      std::to_string(late) +
                          " are due for over 5 minutes: is a server with their plugin running? "
                          "calixo_work_lag_seconds of /metrics tells which"});
}

}  // namespace

void look_at_work(ReportSession& session, std::vector<Finding>& findings) {
  const bool is_migrated =
      number(session, "select (to_regclass('public.jobs') is not null)::int::bigint") == 1;
  if (!is_migrated) return;  // look_at_migrations tells
  session.query("select set_config('request.jwt.claims', $1, false)",
                {std::string(kServiceClaims)});
  look_at(session, "events", "outbox_deliveries", findings);
  look_at(session, "jobs", "jobs", findings);
}

}  // namespace calixo::host
