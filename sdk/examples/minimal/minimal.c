/* A plugin in plain C11: one route, GET /api/minimal. */
#include <calixo/abi/exchange.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <stdio.h>

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

/* Interfaces live to the end of the process, so that one look-up will do. */
static const calixo_exchange_v1* exchanges;

/* [fiber] */
static void greet(void* user, calixo_exchange* exchange) {
  const calixo_str type = TEXT("application/json");
  const calixo_str body = TEXT("{\"message\":\"hello from C\"}");
  (void)user;
  exchanges->respond(exchange, 200, type, body);
}

/* [startup] */
static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  static const calixo_route kGreet = {
      .struct_size = sizeof(calixo_route),
      .method = TEXT("GET"),
      .path = TEXT("/api/minimal"),
      .summary = TEXT("Says hello"),
      .response_schema = TEXT("{\"type\":\"object\",\"required\":[\"message\"],"
                              "\"properties\":{\"message\":{\"type\":\"string\"}}}"),
      .handle = &greet,
  };
  const calixo_registry_v1* registry = host->get_interface(host, CALIXO_REGISTRY_ID);
  exchanges = host->get_interface(host, CALIXO_EXCHANGE_ID);
  if (registry == NULL || exchanges == NULL) {
    snprintf(error, error_size, "it needs " CALIXO_REGISTRY_ID " and " CALIXO_EXCHANGE_ID);
    return CALIXO_UNSUPPORTED;
  }
  return registry->route(host, &kGreet);
}

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) {
  static const calixo_plugin kPlugin = {
      .magic = CALIXO_ABI_MAGIC,
      .abi_major = CALIXO_ABI_MAJOR,
      .abi_minor = CALIXO_ABI_MINOR,
      .struct_size = sizeof(calixo_plugin),
      .id = "org.example.minimal",
      .version = "1.0.0",
      .describe = &describe,
  };
  return &kPlugin;
}
