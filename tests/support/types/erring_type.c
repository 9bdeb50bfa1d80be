/* A challenge type in plain C that breaks its contract as the proof asks: {"do":"twice"}. Each hook
 * first leaves a line in a table of its own, which must vanish with what was refused. */
#include <calixo/abi/challenge_type.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <math.h>
#include <string.h>

static const calixo_host* kept_host;
static const calixo_db_v1* db;
static char big_state[CALIXO_CHALLENGE_STATE_BYTES_MAX + 1];

static const char kTable[] =
    "create table erring_lines (attempt bigint not null, hook text not null);"
    "alter table erring_lines enable row level security;"
    "alter table erring_lines force row level security;"
    "create policy erring_lines_service on erring_lines"
    " using ((select auth.role()) = 'service_role')"
    " with check ((select auth.role()) = 'service_role');"
    "grant select, insert on erring_lines to calixo_erring_type;";

static const char kSchema[] = "{\"type\":\"object\"}";

static calixo_str text(const char* words) {
  calixo_str view = {words, strlen(words)};
  return view;
}

static calixo_status leave_line(const calixo_attempt* attempt, const char* hook) {
  calixo_str parameters[2];
  calixo_statement statement;
  calixo_result* result = NULL;
  calixo_status status;
  char digits[24];
  size_t at = sizeof digits;
  int64_t id = attempt->id;
  do {
    digits[--at] = (char)('0' + id % 10);
    id /= 10;
  } while (id > 0);
  parameters[0].data = digits + at;
  parameters[0].size = sizeof digits - at;
  parameters[1] = text(hook);
  statement.sql = text("insert into erring_lines (attempt, hook) values ($1, $2)");
  statement.parameters = parameters;
  statement.parameter_count = 2;
  status = db->run_in(kept_host, attempt->tx, CALIXO_DB_AS_SERVICE, &statement, 1, &result);
  db->release(result);
  return status;
}

/* Whether the JSON asks for this misdeed. */
static int asks(calixo_str json, const char* misdeed) {
  const size_t size = strlen(misdeed);
  size_t i;
  for (i = 0; i + size <= json.size; ++i) {
    if (memcmp(json.data + i, misdeed, size) == 0) return 1;
  }
  return 0;
}

static calixo_verdict accepting(void) {
  calixo_verdict verdict;
  memset(&verdict, 0, sizeof verdict);
  verdict.struct_size = sizeof verdict;
  verdict.kind = CALIXO_VERDICT_ACCEPT;
  verdict.reward_factor = 1;
  return verdict;
}

static calixo_status check_rules(void* user, const calixo_attempt* attempt, calixo_decide_fn decide,
                                 void* sink) {
  const calixo_verdict verdict = accepting();
  (void)user;
  (void)attempt;
  decide(sink, &verdict);
  return CALIXO_OK;
}

static void spoil(calixo_verdict* verdict, calixo_str proof) {
  if (asks(proof, "factor_high")) verdict->reward_factor = 1000;
  if (asks(proof, "factor_negative")) verdict->reward_factor = -1;
  if (asks(proof, "factor_nan")) verdict->reward_factor = (double)NAN;
  if (asks(proof, "no_such_kind")) verdict->kind = 77;
  if (asks(proof, "short_struct")) verdict->struct_size = 8;
  if (asks(proof, "state_no_object")) verdict->state_json = text("[1]");
  if (asks(proof, "state_no_json")) verdict->state_json = text("{");
  if (asks(proof, "state_too_big")) {
    verdict->state_json.data = big_state;
    verdict->state_json.size = sizeof big_state;
  }
  if (asks(proof, "reject_")) verdict->kind = CALIXO_VERDICT_REJECT;
  if (asks(proof, "reject_odd_code")) verdict->code = text("Not A Code");
  if (asks(proof, "reject_bad_errors")) {
    verdict->code = text("rejected");
    verdict->errors_json = text("[{\"field\":3}]");
  }
  if (asks(proof, "reject_properly")) verdict->code = text("not_today");
  if (asks(proof, "invalid_nowhere")) verdict->kind = CALIXO_VERDICT_INVALID;
  if (asks(proof, "review")) {
    verdict->kind = CALIXO_VERDICT_REVIEW;
    verdict->code = text("looks_odd");
  }
  if (asks(proof, "double")) verdict->reward_factor = 2;
}

static calixo_status complete(void* user, const calixo_attempt* attempt, calixo_str proof,
                              calixo_decide_fn decide, void* sink) {
  calixo_verdict verdict = accepting();
  (void)user;
  if (leave_line(attempt, "complete") != CALIXO_OK) return CALIXO_SQL_ERROR;
  if (asks(proof, "status")) return CALIXO_INTERNAL;
  if (asks(proof, "no_verdict")) return CALIXO_OK;
  spoil(&verdict, proof);
  decide(sink, &verdict);
  if (asks(proof, "twice")) decide(sink, &verdict);
  return CALIXO_OK;
}

static calixo_status expire(void* user, const calixo_attempt* attempt) {
  (void)user;
  return leave_line(attempt, "expire");
}

static calixo_challenge_type_v1 type;

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  const calixo_registry_v1* registry =
      (const calixo_registry_v1*)host->get_interface(host, CALIXO_REGISTRY_ID);
  const calixo_extensions_v1* extensions =
      (const calixo_extensions_v1*)host->get_interface(host, CALIXO_EXTENSIONS_ID);
  calixo_migration migration;
  (void)error;
  (void)error_size;
  kept_host = host;
  db = (const calixo_db_v1*)host->get_interface(host, CALIXO_DB_ID);
  memset(big_state, ' ', sizeof big_state);
  memset(&migration, 0, sizeof migration);
  migration.struct_size = sizeof migration;
  migration.number = 1;
  migration.name = text("0001_lines.sql");
  migration.sql = text(kTable);
  if (registry->migration(host, &migration) != CALIXO_OK) return CALIXO_INTERNAL;
  type.struct_size = sizeof type;
  type.rules_schema = text(kSchema);
  type.proof_schema = text(kSchema);
  type.expires_after_s = 3600;
  type.check_rules = &check_rules;
  type.complete = &complete;
  type.expire = &expire;
  return extensions->extend(host, text(CALIXO_CHALLENGE_TYPE_ID), text("erring"), &type, text(""));
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      "erring_type",
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }
