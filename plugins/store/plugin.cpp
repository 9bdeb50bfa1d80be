// The store and every movement of the in-app currency.
// Holds the tables, so that an account's data is whole from the first day; no routes yet.
#include <calixo/personal_data.hpp>
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("store", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  // At erasure the ledger keeps its rows and forgets whose they were: their foreign key sets null.
  plugin.personal_data("store").table("transactions",
                                      "select * from transactions where user_id = $1");
}
