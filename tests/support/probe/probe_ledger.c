/* A plugin in plain C: a table and a service that works in its caller's transaction. */
#include "probe_ledger.h"

#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <stdio.h>
#include <string.h>

static const calixo_host* kept_host;
static const calixo_db_v1* db;

static const char kSql[] =
    "create table probe_entries (id bigint generated always as identity primary key,"
    " amount integer not null check (amount > 0));"
    "alter table probe_entries enable row level security;"
    "alter table probe_entries force row level security;"
    "create policy probe_entries_service on probe_entries"
    " using ((select auth.role()) = 'service_role')"
    " with check ((select auth.role()) = 'service_role');"
    "grant select, insert on probe_entries to calixo_probe_ledger;";

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static calixo_status add(calixo_tx* tx, int32_t amount) {
  char digits[16];
  calixo_str parameter;
  calixo_statement statement;
  calixo_result* result = NULL;
  calixo_status status;
  snprintf(digits, sizeof digits, "%d", (int)amount);
  parameter = text(digits);
  statement.sql = text("insert into probe_entries (amount) values ($1)");
  statement.parameters = &parameter;
  statement.parameter_count = 1;
  status = db->run_in(kept_host, tx, CALIXO_DB_AS_SERVICE, &statement, 1, &result);
  db->release(result);
  return status;
}

static const probe_ledger_v1 kService = {&add};

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  calixo_migration migration;
  (void)error;
  (void)error_size;
  kept_host = host;
  db = (const calixo_db_v1*)host->get_interface(host, CALIXO_DB_ID);
  memset(&migration, 0, sizeof migration);
  migration.struct_size = sizeof migration;
  migration.number = 1;
  migration.name = text("0001_entries.sql");
  migration.sql = text(kSql);
  if (registry->migration(host, &migration) != CALIXO_OK) return CALIXO_INTERNAL;
  return registry->offer(host, text(PROBE_LEDGER_ID), &kService);
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      "probe_ledger",
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
