#include "mail/mail_phrases.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace calixo::auth {
namespace {

struct Entry {
  std::string_view purpose;
  MailPhrases es, en;
};

constexpr std::array<Entry, 6> kAll{{
    {"signup",
     {"Confirma tu correo",
      "Has creado una cuenta con {{email}}. Confirma que este correo es tuyo para empezar.",
      "Confirmar mi correo"},
     {"Confirm your e-mail address",
      "You made an account with {{email}}. Confirm that this address is yours to begin.",
      "Confirm my address"}},
    {"invite",
     {"Te han invitado", "Te han invitado a abrir una cuenta en {{site_url}} con {{email}}.",
      "Aceptar la invitación"},
     {"You have been invited",
      "You have been invited to open an account at {{site_url}} with {{email}}.",
      "Accept the invitation"}},
    {"magiclink",
     {"Tu enlace para entrar", "Con este enlace entras como {{email}}, sin contraseña.", "Entrar"},
     {"Your sign-in link", "This link signs you in as {{email}}, without a password.", "Sign in"}},
    {"recovery",
     {"Elige una contraseña nueva", "Alguien ha pedido una contraseña nueva para {{email}}.",
      "Elegir una contraseña"},
     {"Choose a new password", "Somebody asked for a new password for {{email}}.",
      "Choose a password"}},
    {"email_change",
     {"Confirma el cambio de correo",
      "Has pedido que el correo de tu cuenta pase de {{email}} a {{new_email}}.",
      "Confirmar el cambio"},
     {"Confirm your new e-mail address",
      "You asked to change the address of your account from {{email}} to {{new_email}}.",
      "Confirm the change"}},
    {"reauthentication",
     {"Tu código de confirmación", "Confirma que eres tú para seguir con el cambio en tu cuenta.",
      ""},
     {"Your confirmation code", "Confirm that it is you to go on with the change to your account.",
      ""}},
}};

constexpr SharedPhrases kSharedEs{"O escribe este código:", "Escribe este código:",
                                  "Vale durante un tiempo limitado y una sola vez. Si no lo has "
                                  "pedido tú, no hagas nada: sin este "
                                  "mensaje nadie puede seguir. No se lo enseñes a nadie."};
constexpr SharedPhrases kSharedEn{
    "Or enter this code:", "Enter this code:",
    "It is good once and for a limited time. If you did not ask for it, do nothing: without this "
    "message nobody can go on. Show it to nobody."};

}  // namespace

const MailPhrases& phrases_of(std::string_view purpose, std::string_view language) {
  for (const Entry& entry : kAll) {
    if (entry.purpose == purpose) return language == "es" ? entry.es : entry.en;
  }
  throw std::logic_error("no mail has the purpose " + std::string(purpose));
}

const SharedPhrases& shared_phrases(std::string_view language) {
  return language == "es" ? kSharedEs : kSharedEn;
}

}  // namespace calixo::auth
