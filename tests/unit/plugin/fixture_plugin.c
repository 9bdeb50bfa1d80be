/* A plugin in plain C; FIXTURE_* definitions make it right, or wrong in one way. */
#include <calixo/abi/events.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/services.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FIXTURE_MAGIC
#define FIXTURE_MAGIC CALIXO_ABI_MAGIC
#endif
#ifndef FIXTURE_MAJOR
#define FIXTURE_MAJOR CALIXO_ABI_MAJOR
#endif
#ifndef FIXTURE_MINOR
#define FIXTURE_MINOR CALIXO_ABI_MINOR
#endif
#ifndef FIXTURE_SIZE
#define FIXTURE_SIZE sizeof(calixo_plugin)
#endif
#ifndef FIXTURE_OWN_ID
#define FIXTURE_OWN_ID FIXTURE_ID
#endif
#ifndef FIXTURE_SYMBOL
#define FIXTURE_SYMBOL calixo_plugin_entry
#endif

#ifdef FIXTURE_UNRESOLVED
void FIXTURE_UNRESOLVED(void);
#endif

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static void answer(void* user, calixo_exchange* exchange) {
  (void)user;
  (void)exchange;
}

static void add_route(const calixo_host* host, const calixo_registry_v1* registry,
                      const char* path) {
  calixo_route route;
  memset(&route, 0, sizeof route);
  route.struct_size = sizeof route;
  route.method = text("GET");
  route.path = text(path);
  route.handle = &answer;
  (void)registry->route(host, &route);
}

static void add_key(const calixo_host* host, const calixo_registry_v1* registry, const char* name) {
  calixo_key key;
  memset(&key, 0, sizeof key);
  key.struct_size = sizeof key;
  key.type = CALIXO_KEY_INT;
  key.name = text(name);
  key.default_value = text("10");
  key.description = text("A number.");
  key.min = 0;
  key.max = 100;
  (void)registry->key(host, &key);
}

#ifdef FIXTURE_LOUD
/* Runs as the library is opened: the file it writes tells that it was. */
__attribute__((constructor)) static void tell(void) {
  const char* path = getenv("FIXTURE_LOUD_FILE");
  FILE* file = path == NULL ? NULL : fopen(path, "w");
  if (file != NULL) fclose(file);
}
#endif

#ifdef FIXTURE_TOPIC
static void declare_topic(const calixo_host* host) {
  const calixo_events_v1* events =
      (const calixo_events_v1*)host->get_interface(host, CALIXO_EVENTS_ID);
  calixo_topic topic;
  memset(&topic, 0, sizeof topic);
  topic.struct_size = sizeof topic;
  topic.name = text(FIXTURE_TOPIC);
  (void)events->declare(host, &topic);
}
#endif

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  (void)add_route;
  (void)add_key;
#ifdef FIXTURE_ROUTE
  add_route(host, registry, FIXTURE_ROUTE);
#endif
#ifdef FIXTURE_LIES
  if (getenv("FIXTURE_LIE") != NULL) add_route(host, registry, "/hidden");
#endif
#ifdef FIXTURE_TABLE
  calixo_migration migration;
  memset(&migration, 0, sizeof migration);
  migration.struct_size = sizeof migration;
  migration.number = 1;
  migration.name = text("0001_table.sql");
  migration.sql = text("create table if not exists public." FIXTURE_TABLE " (n int)");
  (void)registry->migration(host, &migration);
#endif
#ifdef FIXTURE_GRANT
  const calixo_grant grant = {sizeof grant, text(FIXTURE_GRANT), text("select"), text("id, email"),
                              text("It greets people by name.")};
  (void)registry->grant(host, &grant);
#endif
#ifdef FIXTURE_KEY
  add_key(host, registry, FIXTURE_KEY);
#endif
#ifdef FIXTURE_OFFER
  (void)registry->offer(host, text(FIXTURE_OFFER), "hello");
#endif
#ifdef FIXTURE_NEED
  (void)registry->need(host, text(FIXTURE_NEED), 1);
#endif
#ifdef FIXTURE_DEPEND
  (void)registry->depend(host, text(FIXTURE_DEPEND));
#endif
#if defined(FIXTURE_POINT) || defined(FIXTURE_EXTENDS)
  const calixo_extensions_v1* extensions =
      (const calixo_extensions_v1*)host->get_interface(host, CALIXO_EXTENSIONS_ID);
#endif
#ifdef FIXTURE_POINT
  (void)extensions->define(host, text(FIXTURE_POINT));
#endif
#ifdef FIXTURE_EXTENDS
  (void)extensions->extend(host, text(FIXTURE_EXTENDS), text("friendly"), "hello", text("{}"));
#endif
#ifdef FIXTURE_UNRESOLVED
  FIXTURE_UNRESOLVED();
#endif
#ifdef FIXTURE_INTERFACE
  if (host->get_interface(host, FIXTURE_INTERFACE) == NULL) return CALIXO_UNSUPPORTED;
#endif
#ifdef FIXTURE_TOPIC
  declare_topic(host);
#endif
#ifdef FIXTURE_FAIL_DESCRIBE
  strncpy(error, "the fixture refuses", error_size - 1);
  return CALIXO_INVALID;
#else
  (void)error;
  (void)error_size;
  (void)registry;
  return CALIXO_OK;
#endif
}

#ifdef FIXTURE_POINT
static void count(void* sink, const calixo_extension* extension) {
  (void)extension;
  ++*(int*)sink;
}
#endif

static calixo_status start(const calixo_host* host, char* error, size_t error_size) {
#ifdef FIXTURE_NEED
  const calixo_services_v1* services =
      (const calixo_services_v1*)host->get_interface(host, CALIXO_SERVICES_ID);
  if (services->find(host, text(FIXTURE_NEED)) == NULL) {
    strncpy(error, "the service is not there", error_size - 1);
    return CALIXO_NOT_FOUND;
  }
  if (services->find(host, text("test.undeclared/1")) != NULL) {
    strncpy(error, "a service it never asked for was found", error_size - 1);
    return CALIXO_INTERNAL;
  }
#endif
#ifdef FIXTURE_POINT
  const calixo_extensions_v1* extensions =
      (const calixo_extensions_v1*)host->get_interface(host, CALIXO_EXTENSIONS_ID);
  int found = 0;
  if (extensions->each(host, text(FIXTURE_POINT), &count, &found) != CALIXO_OK || found != 1) {
    strncpy(error, "the one extension is not there", error_size - 1);
    return CALIXO_NOT_FOUND;
  }
  if (extensions->each(host, text("test.other/1"), &count, &found) != CALIXO_DENIED) {
    strncpy(error, "a point it never defined was shown", error_size - 1);
    return CALIXO_INTERNAL;
  }
#endif
  (void)host;
#ifdef FIXTURE_FAIL_START
  strncpy(error, "the fixture can't start", error_size - 1);
  return CALIXO_UNAVAILABLE;
#else
  (void)error;
  (void)error_size;
  return CALIXO_OK;
#endif
}

static const calixo_plugin kPlugin = {FIXTURE_MAGIC,  FIXTURE_MAJOR, FIXTURE_MINOR, FIXTURE_SIZE,
                                      FIXTURE_OWN_ID, "1.0.0",       &describe,     NULL,
                                      &start,         NULL,          NULL,          NULL};

CALIXO_EXPORT const calixo_plugin* FIXTURE_SYMBOL(void);
const calixo_plugin* FIXTURE_SYMBOL(void) { return &kPlugin; }
