// What an operator should know of events and jobs, read through Poco::Data.
#pragma once

#include <vector>

#include "app/findings.hpp"

namespace calixo::host {

class ReportSession;

void look_at_work(ReportSession& session, std::vector<Finding>& findings);  // dead, late

}  // namespace calixo::host
