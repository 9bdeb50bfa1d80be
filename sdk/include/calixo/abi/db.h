/* "calixo.db/1": PostgreSQL, as the plugin's own database role, under row level security.
 * Every statement carries the caller's claims (request.jwt.claims), so that auth.uid() and
 * auth.role() hold in policies. Parameters never stand in SQL text: $1, $2, … */
#ifndef CALIXO_ABI_DB_H
#define CALIXO_ABI_DB_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_DB_ID "calixo.db/1"

/* Whom the policies see. */
enum {
  CALIXO_DB_AS_CALLER = 0, /* the exchange's principal; without an exchange: anonymous */
  CALIXO_DB_AS_SERVICE = 1 /* the plugin itself: auth.role() = 'service_role' */
};

enum {
  CALIXO_TX_READ_COMMITTED = 0,
  CALIXO_TX_REPEATABLE_READ = 1,
  CALIXO_TX_SERIALIZABLE = 2,
  CALIXO_TX_READ_ONLY = 1u << 8
};

/* A parameter in PostgreSQL's text format; data NULL is SQL NULL. */
typedef struct calixo_statement {
  calixo_str sql; /* one statement; the text is the key of the prepared-statement cache */
  const calixo_str* parameters;
  size_t parameter_count; /* at most 1000 */
} calixo_statement;

typedef struct calixo_result calixo_result; /* owned by the plugin until release */
typedef struct calixo_tx calixo_tx;         /* ends with commit or rollback, always one of them */

/* Why a statement failed. Views live as long as the result. */
typedef struct calixo_sql_error {
  uint32_t struct_size;
  calixo_str sqlstate; /* five characters, empty where there was no error */
  calixo_str message;
  calixo_str constraint; /* name, or empty */
  calixo_str detail;
} calixo_sql_error;

typedef struct calixo_db_v1 {
  /* Runs the statements in one implicit transaction and one flush: all take effect or none.
   * `results` receives one result a statement; after CALIXO_SQL_ERROR the failed one tells why and
   * later ones are empty. On any other failure all are NULL. exchange may be NULL outside of a
   * request. [fiber, suspends] */
  calixo_status (*run)(const calixo_host* host, calixo_exchange* exchange, uint32_t as,
                       const calixo_statement* statements, size_t statement_count,
                       calixo_result** results);

  /* A transaction over several round trips, on a connection of its own. The begin travels with the
   * first statement. [fiber, suspends] */
  calixo_status (*begin)(const calixo_host* host, calixo_exchange* exchange, uint32_t as,
                         uint32_t options, calixo_tx** tx);
  /* As run, inside tx. The statements run as `host`'s plugin, whoever began tx: a service works in
   * its caller's transaction under its own role. [fiber, suspends] */
  calixo_status (*run_in)(const calixo_host* host, calixo_tx* tx, uint32_t as,
                          const calixo_statement* statements, size_t statement_count,
                          calixo_result** results);
  /* Both free tx. commit answers CALIXO_SQL_ERROR with *failure set (release it) where the database
   * refused (a deferred constraint, serialization). [fiber, suspends] */
  calixo_status (*commit)(calixo_tx* tx, calixo_result** failure);
  void (*rollback)(calixo_tx* tx);

  /* Reading a result: NULL-safe, constant time. [any-thread] */
  size_t (*row_count)(const calixo_result* result);
  size_t (*column_count)(const calixo_result* result);
  calixo_str (*column_name)(const calixo_result* result, size_t column);
  calixo_str (*value)(const calixo_result* result, size_t row, size_t column); /* {NULL,0}: NULL */
  int64_t (*affected_rows)(const calixo_result* result);
  void (*error)(const calixo_result* result, calixo_sql_error* error);
  void (*release)(calixo_result* result);
} calixo_db_v1;

#ifdef __cplusplus
}
#endif
#endif
