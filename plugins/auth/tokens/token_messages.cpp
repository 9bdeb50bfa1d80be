#include "tokens/token_messages.hpp"

#include <array>
#include <utility>

namespace calixo::auth {
namespace {

constexpr Text kExpired{"El enlace o el código no valen o han caducado.",
                        "The link or the code is invalid or has expired."};
constexpr Text kTaken{"Otra cuenta tiene ya este correo.",
                      "A user with this email address has already been registered."};
constexpr Text kBanned{"Esta cuenta está suspendida.", "User is banned."};
constexpr Text kFailed{"El enlace no se pudo usar.", "The link could not be used."};
constexpr Text kHalfDone{
    "Enlace aceptado. Confirma ahora con el que se envió al otro correo.",
    "Confirmation link accepted. Please proceed to confirm link sent to the other email."};

std::string in(std::string_view language, const Text& text) {
  return std::string(language == "es" ? text.es : text.en);
}

}  // namespace

void register_token_messages(Plugin& plugin) {
  plugin.message("otp_expired", kExpired);
  plugin.message("email_exists", kTaken);
  plugin.message("same_password", {.es = "La contraseña nueva debe ser otra que la de ahora.",
                                   .en = "New password should be different from the old one."});
  plugin.message("reauthentication_needed",
                 {.es = "Hace falta la contraseña de ahora o un código enviado por correo.",
                  .en = "Password update requires reauthentication."});
  plugin.message("reauthentication_not_valid",
                 {.es = "La contraseña de ahora o el código no son correctos.",
                  .en = "The present password or the code is not valid."});
  plugin.message("over_email_send_rate_limit",
                 {.es = "Se acaba de pedir un mensaje para este correo; espera un momento.",
                  .en = "A mail to this address was asked for a moment ago; wait a little."});
}

std::string link_failure_text(std::string_view code, std::string_view language) {
  if (code == "otp_expired") return in(language, kExpired);
  if (code == "email_exists") return in(language, kTaken);
  if (code == "user_banned") return in(language, kBanned);
  return in(language, kFailed);
}

std::string half_done_text(std::string_view language) { return in(language, kHalfDone); }

}  // namespace calixo::auth
