// What an operator should know of the database, read through Poco::Data.
#pragma once

#include <vector>

#include "app/findings.hpp"

namespace calixo::host {

class ReportSession;

void look_at_server(ReportSession& session, std::vector<Finding>& findings);  // version
// What keeps one plugin's SQL from becoming another's role, and where it is enforced.
void look_at_role_fence(ReportSession& session, std::vector<Finding>& findings);
void look_at_tables(ReportSession& session, std::vector<Finding>& findings);    // RLS, sizes
void look_at_activity(ReportSession& session, std::vector<Finding>& findings);  // load

}  // namespace calixo::host
