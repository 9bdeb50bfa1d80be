#include "factors/factor_routes.hpp"

#include <chrono>

#include "factors/factor_store.hpp"
#include "wire_problems.hpp"

namespace calixo::auth {
namespace {

// Answers that hold secrets stay out of every cache.
template <class Value>
Reply uncached(const Value& value) {
  Reply reply;
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.body = to_json(value);
  return reply;
}

void register_factor_messages(Plugin& plugin) {
  plugin.message("mfa_factor_not_found",
                 {.es = "Este segundo factor no existe.", .en = "Factor not found."});
  plugin.message("mfa_factor_name_conflict",
                 {.es = "Ya hay un segundo factor con este nombre.",
                  .en = "A factor with this friendly name already exists."});
  plugin.message("too_many_enrolled_mfa_factors",
                 {.es = "La cuenta ya tiene demasiados segundos factores.",
                  .en = "Maximum number of enrolled factors reached."});
  plugin.message("mfa_challenge_expired",
                 {.es = "El desafío ha caducado; empieza otro.",
                  .en = "The challenge has expired, verify against another one."});
  plugin.message("mfa_verification_failed",
                 {.es = "El código no es correcto.", .en = "Invalid TOTP code entered."});
  plugin.message("insufficient_aal", {.es = "Confirma antes un segundo factor.",
                                      .en = "AAL2 is required: verify a factor first."});
}

}  // namespace

FactorRoutes::FactorRoutes(Plugin& plugin, const FactorService& factors) : factors_(factors) {
  RouteGroup group = plugin.group({"/api/auth", "/auth/v1"});
  group.render_problems(&render_wire_problem).tag("auth").allow(Role::user);
  group.post("/factors", bind(*this, &FactorRoutes::enroll))
      .summary("Begins a second factor; it counts once a code of it was verified")
      .response<Enrolled>()
      .problem(403, "insufficient_aal")
      .problem(422, "too_many_enrolled_mfa_factors")
      .problem(422, "mfa_factor_name_conflict");
  group.post("/factors/{id:uuid}/challenge", bind(*this, &FactorRoutes::challenge))
      .summary("Opens a challenge, which takes a code for five minutes")
      .problem(404, "mfa_factor_not_found")
      .problem(429, "over_request_rate_limit");
  group.post("/factors/{id:uuid}/verify", bind(*this, &FactorRoutes::verify))
      .summary("Answers a challenge; the caller's session is aal2 afterwards")
      .response<Session>()
      .problem(404, "mfa_factor_not_found")
      .problem(422, "mfa_challenge_expired")
      .problem(422, "mfa_verification_failed")
      .problem(429, "over_request_rate_limit");
  group.del("/factors/{id:uuid}", bind(*this, &FactorRoutes::remove))
      .summary("Removes a second factor; of a verified one it takes a session that has shown one")
      .problem(404, "mfa_factor_not_found")
      .problem(422, "insufficient_aal");
  register_factor_messages(plugin);
  plugin.every(std::chrono::hours(1), "forget_expired_challenges", [&plugin](JobContext&) {
    Database db = plugin.service_db();
    forget_expired_challenges(db);
  });
}

Reply FactorRoutes::enroll(Context& context, const EnrollRequest& wanted) const {
  return uncached(factors_.enroll(context, wanted));
}

Challenged FactorRoutes::challenge(Context& context) const {
  return factors_.challenge(context, context.path<std::string>("id"));
}

Reply FactorRoutes::verify(Context& context, const FactorProof& given) const {
  return uncached(factors_.verify(context, context.path<std::string>("id"), given));
}

FactorId FactorRoutes::remove(Context& context) const {
  const auto id = context.path<std::string>("id");
  factors_.remove(context, id);
  return {id};
}

}  // namespace calixo::auth
