// The store and every movement of the in-app currency.
// Holds the tables, so that an account's data is whole from the first day; no routes yet.
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("store", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
}
