// Subscriptions and promotional codes.
// Holds the tables, so that an account's data is whole from the first day; no routes yet.
#include <calixo/personal_data.hpp>
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("billing", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.personal_data("billing").table("subscriptions",
                                        "select * from subscriptions where user_id = $1");
}
