#include "admin/admin_messages.hpp"

namespace calixo::auth {

void register_admin_messages(Plugin& plugin) {
  plugin.message("user_not_found", {.es = "No existe esa cuenta.", .en = "User not found."});
  plugin.message("email_exists",
                 {.es = "Ya hay una cuenta con este correo.",
                  .en = "A user with this email address has already been registered."});
  plugin.message("last_administrator",
                 {.es = "Es la última cuenta que administra el servidor: nombra antes a otra.",
                  .en = "This account is the last that administers the server: appoint another "
                        "one first."});
  plugin.message("own_account", {.es = "Nadie puede hacerse esto a su propia cuenta.",
                                 .en = "Nobody can do this to their own account."});
  plugin.message("no_authorization",
                 {.es = "Esta llamada necesita la clave de servicio o una cuenta administradora.",
                  .en = "This endpoint requires a service key or an administrator's token."});
  plugin.message("not_admin", {.es = "Solo para quien administra.", .en = "User not allowed."});
}

}  // namespace calixo::auth
