// The problems of the administration in Supabase Auth's wire format.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::auth {

// As render_wire_problem, with the codes that the format has for callers who may not. [any-thread]
Reply render_admin_problem(const RequestView& request, const ProblemView& problem);

}  // namespace calixo::auth
