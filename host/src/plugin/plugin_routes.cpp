#include "plugin/plugin_routes.hpp"

#include "http/exchange.hpp"
#include "http/problems.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/contained.hpp"
#include "plugin/exchange_handle.hpp"
#include "plugin/idempotent_call.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

struct Accepted {
  Principal& principal;
  bool is_whole = false;
};

void accept(void* sink, const calixo_principal* told) {
  auto& accepted = *static_cast<Accepted*>(sink);
  if (told == nullptr || told->struct_size < sizeof(calixo_principal)) return;
  accepted.principal.roles = told->roles;
  accepted.principal.user_id = copy(told->user_id);
  accepted.principal.session_id = copy(told->session_id);
  accepted.principal.claims_json = copy(told->claims_json);
  accepted.principal.expires_at_s = told->expires_at_s;
  accepted.is_whole = true;
}

}  // namespace

void PluginRouteHandler::handle(Exchange& exchange) {
  const auto call = [&] {
    calixo_exchange handle(exchange);
    route_.handle(route_.user, &handle);
  };
  const std::string_view* const key = idempotency_key_of(exchange);
  if (key == nullptr || context_.database == nullptr) return call();
  IdempotentCall(*context_.database, exchange, *key).run(call);
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
  Accepted accepted{principal};
  calixo_status status = CALIXO_DENIED;
  call_contained(label_, [&] { status = table_->verify(to_abi(token), &accept, &accepted); });
  switch (status) {
    case CALIXO_OK:  // without a principal it names nobody
      return accepted.is_whole ? TokenStatus::valid : TokenStatus::invalid;
    case CALIXO_TIMEOUT:
      return TokenStatus::expired;
    case CALIXO_NOT_FOUND:
      return TokenStatus::revoked;
    default:
      return TokenStatus::invalid;
  }
}

}  // namespace calixo::host
