#include "admin/admin_problems.hpp"

#include "wire_problems.hpp"

namespace calixo::auth {

Reply render_admin_problem(const RequestView& request, const ProblemView& problem) {
  ProblemView told = problem;
  if (problem.code == "authentication_required") told.code = "no_authorization";
  if (problem.code == "forbidden") told.code = "not_admin";
  return render_wire_problem(request, told);
}

}  // namespace calixo::auth
