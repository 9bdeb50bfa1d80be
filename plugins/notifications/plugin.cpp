// What a person is told while the phone is down.
// Holds the tables, so that an account's data is whole from the first day; no routes yet.
#include <calixo/personal_data.hpp>
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("notifications", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.personal_data("notifications")
      .table("notifications", "select * from notifications where user_id = $1");
}
