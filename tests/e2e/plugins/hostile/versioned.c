/* The same plugin built twice: the answer is the version that it was built as. */
#include <calixo/abi/exchange.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <string.h>

static const calixo_exchange_v1* exchange_api;

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static void answer(void* user, calixo_exchange* exchange) {
  (void)user;
  exchange_api->respond(exchange, 200, text("text/plain"), text(VERSIONED_AS));
}

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  calixo_route route;
  (void)error;
  (void)error_size;
  exchange_api = (const calixo_exchange_v1*)host->get_interface(host, CALIXO_EXCHANGE_ID);
  memset(&route, 0, sizeof route);
  route.struct_size = sizeof route;
  route.method = text("GET");
  route.path = text("/versioned");
  route.produces = text("text/plain");
  route.handle = &answer;
  return registry->route(host, &route);
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      "versioned",
                                      VERSIONED_AS,
                                      &describe,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
