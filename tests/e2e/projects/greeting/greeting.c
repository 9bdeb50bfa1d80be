/* A plugin of one route, whose answer a scenario changes. */
#include <calixo/abi/exchange.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <string.h>

static const calixo_exchange_v1* exchanges;

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static void greet(void* user, calixo_exchange* exchange) {
  (void)user;
  (void)exchanges->respond(exchange, 200, text("application/json"), text("{\"text\":\"first\"}"));
}

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  calixo_route route;
  (void)error;
  (void)error_size;
  exchanges = (const calixo_exchange_v1*)host->get_interface(host, CALIXO_EXCHANGE_ID);
  memset(&route, 0, sizeof route);
  route.struct_size = sizeof route;
  route.method = text("GET");
  route.path = text("/api/greeting");
  route.handle = &greet;
  return registry->route(host, &route);
}

static calixo_status start(const calixo_host* host, char* error, size_t error_size) {
  (void)host;
  (void)error;
  (void)error_size;
  return CALIXO_OK;
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      "greeting",
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      &start,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
