// What an operator should know of the database, read through Poco::Data.
#pragma once

#include <vector>

#include "app/findings.hpp"

namespace Poco::Data {
class Session;
}

namespace calixo::host {

void look_at_server(Poco::Data::Session& session, std::vector<Finding>& findings);    // version
void look_at_tables(Poco::Data::Session& session, std::vector<Finding>& findings);    // RLS, sizes
void look_at_activity(Poco::Data::Session& session, std::vector<Finding>& findings);  // load

}  // namespace calixo::host
