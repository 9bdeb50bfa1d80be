// The store and every movement of the in-app currency.
#include <calixo/plugin.hpp>

#include "store_plugin.hpp"

CALIXO_PLUGIN("store", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.own<calixo::store::StorePlugin>(plugin);
}
