/* A plugin in plain C that hands over what the contract forbids: NULL pointers, wrong sizes. As
 * HOSTILE says, in describe; a request hands the host what it must survive. `/caller/call` uses the
 * service of the plugin `hostile`, which crashes. */
#include <calixo/abi/exchange.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/services.h>
#include <calixo/abi/stream.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile_service.h"

static const calixo_host* kept_host;
static const calixo_exchange_v1* exchange_api;
static const calixo_stream_v1* stream_api;
static const calixo_services_v1* services;

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static int is_wanted(const char* what) {
  const char* wanted = getenv("HOSTILE");
  return wanted != NULL && strcmp(wanted, what) == 0;
}

/* Answers how many of the wrong calls the host refused. */
static void hand_over_nonsense(void* user, calixo_exchange* exchange) {
  const calixo_str nothing = {NULL, 4096};
  calixo_stream* stream = NULL;
  calixo_problem problem;
  char digits[16];
  int refused = 0;
  (void)user;
  memset(&problem, 0, sizeof problem); /* struct_size 0, status 0 */
  refused += exchange_api->respond(NULL, 200, text("text/plain"), text("x")) == CALIXO_INVALID;
  refused += exchange_api->fail(exchange, NULL) == CALIXO_INVALID;
  refused += exchange_api->fail(exchange, &problem) == CALIXO_INVALID;
  refused += exchange_api->set_header(NULL, text("A"), text("b")) == CALIXO_INVALID;
  refused += exchange_api->set_header(exchange, nothing, text("b")) == CALIXO_INVALID;
  refused += exchange_api->respond(exchange, 7, text("text/plain"), text("x")) == CALIXO_INVALID;
  refused += stream_api->park(exchange, NULL, NULL, &stream) == CALIXO_INVALID;
  refused += stream_api->send(NULL, text("x")) == CALIXO_INVALID;
  stream_api->release(NULL);
  snprintf(digits, sizeof digits, "%d", refused);
  exchange_api->respond(exchange, 200, text("text/plain"), text(digits));
}

/* The view leads nowhere. */
static void hand_over_wild_view(void* user, calixo_exchange* exchange) {
  const calixo_str wild = {(const char*)(uintptr_t)64, 32};
  (void)user;
  exchange_api->set_header(exchange, text("X-Wild"), wild);
}

static void call_service(void* user, calixo_exchange* exchange) {
  const hostile_service_v1* service =
      (const hostile_service_v1*)services->find(kept_host, text(HOSTILE_SERVICE_ID));
  (void)user;
  if (service != NULL) service->fault();
  exchange_api->respond(exchange, 200, text("text/plain"), text("no service"));
}

static calixo_status add(const calixo_registry_v1* registry, const char* path,
                         void (*handle)(void*, calixo_exchange*)) {
  calixo_route route;
  memset(&route, 0, sizeof route);
  route.struct_size = is_wanted("bad_size") ? 3 : sizeof route;
  route.method = text("GET");
  route.path = text(path);
  route.produces = text("text/plain");
  route.handle = handle;
  return registry->route(kept_host, &route);
}

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  (void)error;
  (void)error_size;
  kept_host = host;
  exchange_api = (const calixo_exchange_v1*)host->get_interface(host, CALIXO_EXCHANGE_ID);
  stream_api = (const calixo_stream_v1*)host->get_interface(host, CALIXO_STREAM_ID);
  services = (const calixo_services_v1*)host->get_interface(host, CALIXO_SERVICES_ID);
  if (is_wanted("null_route")) (void)registry->route(host, NULL);
  (void)registry->need(host, text(HOSTILE_SERVICE_ID), 0);
  (void)add(registry, "/caller/nonsense", &hand_over_nonsense);
  (void)add(registry, "/caller/wild", &hand_over_wild_view);
  (void)add(registry, "/caller/call", &call_service);
  return CALIXO_OK; /* whatever the host said */
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      "hostile_c",
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
