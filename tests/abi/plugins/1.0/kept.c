/* A plugin as a third party built it with the C11 headers of 1.0, without C++: every later 1.x
 * server loads the kept binary and answers its routes as ever. */
#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/log.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/stream.h>
#include <stdio.h>
#include <string.h>

#include "kept.h"

static const calixo_host* host;
static const calixo_exchange_v1* exchange_api;
static const calixo_db_v1* db;
static const calixo_stream_v1* stream_api;
static const calixo_runtime_v1* runtime;
static const calixo_config_v1* config;
static const calixo_log_v1* log_api;
static const calixo_extensions_v1* extensions;
static calixo_mutex* mutex;

static calixo_str text(const char* words) {
  calixo_str view;
  view.data = words;
  view.size = strlen(words);
  return view;
}

static void say(calixo_exchange* exchange, const char* words) {
  char json[256];
  snprintf(json, sizeof json, "{\"text\":\"%s\"}", words);
  (void)exchange_api->respond(exchange, 200, text("application/json"), text(json));
}

static void say_number(calixo_exchange* exchange, int64_t number) {
  char json[64];
  snprintf(json, sizeof json, "{\"count\":%lld}", (long long)number);
  (void)exchange_api->respond(exchange, 200, text("application/json"), text(json));
}

static void fail(calixo_exchange* exchange, uint16_t http_status, const char* code) {
  calixo_problem problem;
  memset(&problem, 0, sizeof problem);
  problem.struct_size = sizeof problem;
  problem.http_status = http_status;
  problem.code = text(code);
  (void)exchange_api->fail(exchange, &problem);
}

static void answer(void* user, calixo_exchange* exchange) {
  const calixo_principal* caller = exchange_api->principal(exchange);
  (void)user;
  if (caller->roles != CALIXO_ROLE_ANONYMOUS) {
    fail(exchange, 409, "kept_known");
    return;
  }
  log_api->write(host, CALIXO_LOG_DEBUG, text("kept answers"), NULL, 0);
  say(exchange, "answered");
}

static void read_row(void* user, calixo_exchange* exchange) {
  calixo_str parameter = text("row");
  calixo_statement statement;
  calixo_result* result = NULL;
  calixo_str value;
  char words[64];
  (void)user;
  statement.sql = text("select $1::text || '!' as text");
  statement.parameters = &parameter;
  statement.parameter_count = 1;
  if (db->run(host, exchange, CALIXO_DB_AS_CALLER, &statement, 1, &result) != CALIXO_OK) {
    fail(exchange, 503, "kept_no_row");
  } else {
    value = db->value(result, 0, 0);
    snprintf(words, sizeof words, "%.*s", (int)value.size, value.data);
    say(exchange, words);
  }
  db->release(result);
}

/* Inserts and counts in one transaction; rolls back where the query string is "undone". */
static void add_entry(void* user, calixo_exchange* exchange) {
  calixo_statement statements[2];
  calixo_result* results[2] = {NULL, NULL};
  calixo_result* failure = NULL;
  calixo_tx* tx = NULL;
  calixo_str count;
  char words[32] = "0";
  calixo_status status;
  (void)user;
  memset(statements, 0, sizeof statements);
  statements[0].sql = text("insert into " KEPT_ID "_entries (text) values ('kept')");
  statements[1].sql = text("select count(*) from " KEPT_ID "_entries");
  status = db->begin(host, exchange, CALIXO_TX_REPEATABLE_READ, &tx);
  if (status == CALIXO_OK) {
    status = db->run_in(host, tx, CALIXO_DB_AS_SERVICE, statements, 2, results);
  }
  count = db->value(results[1], 0, 0);
  snprintf(words, sizeof words, "%.*s", (int)count.size, count.data != NULL ? count.data : "");
  db->release(results[0]);
  db->release(results[1]);
  if (status != CALIXO_OK || exchange_api->query_string(exchange).size != 0) {
    db->rollback(host, tx);
    fail(exchange, 409, "kept_undone");
    return;
  }
  status = db->commit(host, tx, &failure);
  db->release(failure);
  if (status == CALIXO_OK) {
    say(exchange, words);
  } else {
    fail(exchange, 503, "kept_refused");
  }
}

static void count_letters(void* user) { *(int64_t*)user += (int64_t)strlen(KEPT_ID); }

/* Sleeps in a lock, and has a worker thread count. */
static void wait_for_all(void* user, calixo_exchange* exchange) {
  int64_t letters = 0;
  (void)user;
  if (runtime->mutex_lock(mutex) != CALIXO_OK) return;
  (void)runtime->sleep(host, 5);
  (void)runtime->run_blocking(host, &count_letters, &letters);
  runtime->mutex_unlock(mutex);
  say_number(exchange, letters);
}

static void stream_out(void* user, calixo_exchange* exchange) {
  char part[10000];
  calixo_str bytes;
  int i;
  (void)user;
  memset(part, 'k', sizeof part);
  bytes.data = part;
  bytes.size = sizeof part;
  if (stream_api->begin(exchange, 200, text("application/octet-stream"), -1) != CALIXO_OK) return;
  for (i = 0; i < 100; ++i) {
    if (stream_api->write(exchange, bytes) != CALIXO_OK) return;
  }
  (void)stream_api->end(exchange);
}

static void park(void* user, calixo_exchange* exchange) {
  calixo_stream_events events;
  calixo_stream* stream = NULL;
  memset(&events, 0, sizeof events);
  events.struct_size = sizeof events;
  if (stream_api->begin(exchange, 200, text("text/event-stream"), -1) != CALIXO_OK) return;
  if (stream_api->park(exchange, &events, user, &stream) != CALIXO_OK) return;
  (void)stream_api->send(stream, text("data: parked\n\n"));
  stream_api->close(stream);
  stream_api->release(stream);
}

static void tell_limit(void* user, calixo_exchange* exchange) {
  int64_t limit = 0;
  (void)user;
  (void)config->get_int(host, text(KEPT_ID ".limit"), &limit);
  say_number(exchange, limit);
}

static void add_letters(void* sink, const calixo_extension* extension) {
  *(int64_t*)sink += ((const kept_greeter_v1*)extension->table)->letters();
}

static void ask_greeters(void* user, calixo_exchange* exchange) {
  int64_t letters = 0;
  (void)user;
  (void)extensions->each(host, text(KEPT_GREETER_ID), &add_letters, &letters);
  say_number(exchange, letters);
}

static int64_t add(int64_t left, int64_t right) { return left + right; }
static const kept_sum_v1 kSum = {&add};

static calixo_status add_route(const calixo_registry_v1* registry, const char* method,
                               const char* path,
                               void (*handle)(void* user, calixo_exchange* exchange)) {
  calixo_route route;
  memset(&route, 0, sizeof route);
  route.struct_size = sizeof route;
  route.method = text(method);
  route.path = text(path);
  route.handle = handle;
  return registry->route(host, &route);
}

static calixo_status add_key(const calixo_registry_v1* registry) {
  calixo_key key;
  memset(&key, 0, sizeof key);
  key.struct_size = sizeof key;
  key.type = CALIXO_KEY_INT;
  key.name = text(KEPT_ID ".limit");
  key.default_value = text("7");
  key.description = text("A number.");
  key.max = 100;
  return registry->key(host, &key);
}

static calixo_status add_migration(const calixo_registry_v1* registry) {
  calixo_migration migration;
  memset(&migration, 0, sizeof migration);
  migration.struct_size = sizeof migration;
  migration.number = 1;
  migration.name = text("0001_create_entries.sql");
  migration.sql = text("create table " KEPT_ID
                       "_entries (id bigint generated always as identity primary key,"
                       " text text not null);"
                       "alter table " KEPT_ID
                       "_entries enable row level security;"
                       "alter table " KEPT_ID
                       "_entries force row level security;"
                       "create policy service on " KEPT_ID
                       "_entries using ((select auth.role()) = 'service_role')"
                       " with check ((select auth.role()) = 'service_role');"
                       "grant select, insert on " KEPT_ID "_entries to calixo_" KEPT_ID ";");
  return registry->migration(host, &migration);
}

static calixo_status describe(const calixo_host* given, char* error, size_t error_size) {
  const calixo_registry_v1* registry;
  int failed = 0;
  (void)error;
  (void)error_size;
  host = given;
  registry = (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  exchange_api = (const calixo_exchange_v1*)host->get_interface(host, CALIXO_EXCHANGE_ID);
  db = (const calixo_db_v1*)host->get_interface(host, CALIXO_DB_ID);
  stream_api = (const calixo_stream_v1*)host->get_interface(host, CALIXO_STREAM_ID);
  runtime = (const calixo_runtime_v1*)host->get_interface(host, CALIXO_RUNTIME_ID);
  config = (const calixo_config_v1*)host->get_interface(host, CALIXO_CONFIG_ID);
  log_api = (const calixo_log_v1*)host->get_interface(host, CALIXO_LOG_ID);
  extensions = (const calixo_extensions_v1*)host->get_interface(host, CALIXO_EXTENSIONS_ID);
  if (registry == NULL || exchange_api == NULL || db == NULL || stream_api == NULL ||
      runtime == NULL || config == NULL || log_api == NULL || extensions == NULL) {
    return CALIXO_UNSUPPORTED;
  }
  failed |= add_key(registry);
  failed |= add_migration(registry);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/answer", &answer);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/row", &read_row);
  failed |= add_route(registry, "POST", "/" KEPT_ID "/entries", &add_entry);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/wait", &wait_for_all);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/stream", &stream_out);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/park", &park);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/limit", &tell_limit);
  failed |= add_route(registry, "GET", "/" KEPT_ID "/greeters", &ask_greeters);
  failed |= registry->offer(host, text(KEPT_SUM_ID), &kSum);
  failed |= extensions->define(host, text(KEPT_GREETER_ID));
  return failed == 0 ? CALIXO_OK : CALIXO_INVALID;
}

static calixo_status start(const calixo_host* given, char* error, size_t error_size) {
  mutex = runtime->mutex_create(given);
  if (mutex != NULL) return CALIXO_OK;
  strncpy(error, "there is no memory for a lock", error_size - 1);
  return CALIXO_LIMIT;
}

static void stop(const calixo_host* given) {
  (void)given;
  runtime->mutex_destroy(mutex);
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      KEPT_ID,
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      &start,
                                      NULL,
                                      &stop,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
