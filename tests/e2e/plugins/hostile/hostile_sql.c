/* A plugin whose one migration is HOSTILE_SQL; and a route, which must not be served. */
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <string.h>

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static void keep_silent(void* user, calixo_exchange* exchange) {
  (void)user;
  (void)exchange;
}

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  calixo_migration migration;
  calixo_route route;
  (void)error;
  (void)error_size;
  memset(&route, 0, sizeof route);
  route.struct_size = sizeof route;
  route.method = text("GET");
  route.path = text("/" HOSTILE_ID);
  route.handle = &keep_silent;
  if (registry->route(host, &route) != CALIXO_OK) return CALIXO_INTERNAL;
  memset(&migration, 0, sizeof migration);
  migration.struct_size = sizeof migration;
  migration.number = 1;
  migration.name = text("0001_hostile.sql");
  migration.sql = text(HOSTILE_SQL);
  return registry->migration(host, &migration);
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      HOSTILE_ID,
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
