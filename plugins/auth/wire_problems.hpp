// Failures in the two shapes of Supabase Auth's wire format, chosen by X-Supabase-Api-Version.
#pragma once

#include <calixo/route.hpp>

namespace calixo::auth {

// Must not wait. [loop]
Reply render_wire_problem(const RequestView& request, const ProblemView& problem);

}  // namespace calixo::auth
