#include "problems.hpp"

namespace calixo::auth {

Problem validation_problem(const Context& context, Text text) {
  return Problem(400, "validation_failed").message(context.language() == "es" ? text.es : text.en);
}

void register_messages(Plugin& plugin) {
  plugin.message("invalid_credentials", {.es = "El correo o la contraseña no son correctos.",
                                         .en = "Invalid login credentials."});
  plugin.message("weak_password",
                 {.es = "La contraseña es demasiado débil.", .en = "The password is too weak."});
  plugin.message("user_already_exists",
                 {.es = "Ya hay una cuenta con este correo.", .en = "User already registered."});
  plugin.message("email_not_confirmed",
                 {.es = "El correo aún no está confirmado.", .en = "Email not confirmed."});
  plugin.message("signup_disabled", {.es = "Ahora no se admiten cuentas nuevas.",
                                     .en = "Signups are not allowed for this instance."});
  plugin.message("anonymous_provider_disabled", {.es = "El registro anónimo no está disponible.",
                                                 .en = "Anonymous sign-ins are disabled."});
  plugin.message("phone_provider_disabled", {.es = "El registro por teléfono no está disponible.",
                                             .en = "Phone sign-ups are disabled."});
  plugin.message("unsupported_grant_type", {.es = "Esta forma de entrar no está disponible.",
                                            .en = "This grant type is not supported."});
  plugin.message("refresh_token_not_found",
                 {.es = "La sesión ya no existe.", .en = "Invalid refresh token: not found."});
  plugin.message("refresh_token_already_used",
                 {.es = "La sesión se ha cerrado: su credencial se usó dos veces.",
                  .en = "Invalid refresh token: already used."});
  plugin.message("session_not_found", {.es = "La sesión ya no existe.",
                                       .en = "The session of this token does not exist."});
  plugin.message("over_capacity", {.es = "El servidor está ocupado; inténtalo en un momento.",
                                   .en = "The server is busy; try again in a moment."});
  plugin.message("over_request_rate_limit", {.es = "Demasiados intentos; espera un poco.",
                                             .en = "Request rate limit reached; wait a little."});
  plugin.message("user_banned", {.es = "Esta cuenta está suspendida.", .en = "User is banned."});
  plugin.message("flow_state_not_found", {.es = "El código no existe o ha caducado.",
                                          .en = "The code does not exist or has expired."});
  plugin.message("bad_code_verifier",
                 {.es = "El verificador no corresponde al código.",
                  .en = "Code challenge does not match previously saved code verifier."});
}

}  // namespace calixo::auth
