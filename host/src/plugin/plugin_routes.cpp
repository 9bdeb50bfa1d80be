#include "plugin/plugin_routes.hpp"

#include "http/exchange.hpp"
#include "http/problems.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/contained.hpp"
#include "plugin/exchange_handle.hpp"

namespace calixo::host {

void PluginRouteHandler::handle(Exchange& exchange) {
  calixo_exchange handle(exchange);
  route_.handle(route_.user, &handle);
}

bool PluginRouteHandler::render_problem(Exchange& exchange, const Problem& problem) {
  if (route_.render_problem == nullptr) return false;
  calixo_exchange handle(exchange);
  const std::string_view message =
      problem.message.empty() ? ProblemCatalogue::instance().text(problem.code, exchange.language())
                              : std::string_view(problem.message);
  calixo_problem told{};
  told.struct_size = sizeof told;
  told.http_status = problem.http_status;
  told.retry_after_s = problem.retry_after_s;
  told.code = to_abi(problem.code);
  told.message = to_abi(message);
  told.errors_json = to_abi(problem.errors_json);
  const bool has_returned =
      call_contained(renderer_label_, [&] { route_.render_problem(route_.user, &handle, &told); });
  return has_returned && exchange.is_answered();
}

TokenStatus PluginTokenVerifier::verify(std::string_view token, Principal& principal) {
  const auto accept = [](void* sink, const calixo_principal* accepted) {
    auto& into = *static_cast<Principal*>(sink);
    into.roles = accepted->roles;
    into.user_id = copy(accepted->user_id);
    into.session_id = copy(accepted->session_id);
    into.claims_json = copy(accepted->claims_json);
    into.expires_at_s = accepted->expires_at_s;
  };
  calixo_status status = CALIXO_DENIED;
  call_contained(label_, [&] { status = table_->verify(to_abi(token), accept, &principal); });
  switch (status) {
    case CALIXO_OK:
      return TokenStatus::valid;
    case CALIXO_TIMEOUT:
      return TokenStatus::expired;
    default:
      return TokenStatus::invalid;
  }
}

}  // namespace calixo::host
