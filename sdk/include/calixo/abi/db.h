/* "calixo.db/1": PostgreSQL, as the plugin's own database role, under row level security.
 * Every statement carries the caller's claims (request.jwt.claims), so that auth.uid() and
 * auth.role() hold in policies. Parameters never stand in SQL text: $1, $2, … */
#ifndef CALIXO_ABI_DB_H
#define CALIXO_ABI_DB_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_DB_ID "calixo.db/1" /* for get_interface */

/* Whom the policies see. */
enum {
  CALIXO_DB_AS_CALLER = 0, /* the exchange's principal; without an exchange: anonymous */
  CALIXO_DB_AS_SERVICE = 1 /* the plugin itself: auth.role() = 'service_role' */
};

/* How a transaction runs: one isolation, and what else is wished. */
enum {
  CALIXO_TX_READ_COMMITTED = 0,
  CALIXO_TX_REPEATABLE_READ = 1,
  CALIXO_TX_SERIALIZABLE = 2,
  CALIXO_TX_READ_ONLY = 1u << 8
};

/* One statement and its parameters; an element of an array. */
typedef struct calixo_statement {
  calixo_str sql; /* one statement; the text is the key of the prepared-statement cache */
  const calixo_str* parameters; /* in PostgreSQL's text format; data NULL is SQL NULL */
  size_t parameter_count;       /* at most 1000, else CALIXO_LIMIT; 0: parameters may be NULL */
} calixo_statement;

typedef struct calixo_result calixo_result; /* owned by the plugin until release */
typedef struct calixo_tx calixo_tx;         /* ends with commit or rollback, always one of them */

/* Why a statement failed. The plugin owns the struct and sets struct_size, the host fills the rest;
 * views live as long as the result. */
typedef struct calixo_sql_error {
  uint32_t struct_size;
  calixo_str sqlstate;   /* five characters, empty where there was no error */
  calixo_str message;    /* for the log, never for a client */
  calixo_str constraint; /* name, or empty */
  calixo_str detail;     /* what PostgreSQL adds to the message, or empty */
} calixo_sql_error;

/* Statements, transactions, and reading what they answered. */
typedef struct calixo_db_v1 {
  /* Runs 1 to 64 statements in one implicit transaction and one flush: all take effect or none.
   * `results`, an array of statement_count, receives one result a statement; after CALIXO_SQL_ERROR
   * the failed one tells why and later ones are empty. On any other failure all are NULL; with a
   * statement_count that is out of bounds (CALIXO_INVALID) results is left as it was. exchange may
   * be NULL outside of a request. [fiber, suspends] */
  calixo_status (*run)(const calixo_host* host, calixo_exchange* exchange, uint32_t as,
                       const calixo_statement* statements, size_t statement_count,
                       calixo_result** results);

  /* A transaction over several round trips, on a connection of its own. The begin travels with the
   * first statement; each statement says as whom it runs. options: CALIXO_TX_*. exchange may be
   * NULL outside of a request. *tx is NULL on failure. [fiber, suspends] */
  calixo_status (*begin)(const calixo_host* host, calixo_exchange* exchange, uint32_t options,
                         calixo_tx** tx);
  /* As run, inside tx. The statements run as `host`'s plugin, whoever began tx: a service works in
   * its caller's transaction under its own role. [fiber, suspends] */
  calixo_status (*run_in)(const calixo_host* host, calixo_tx* tx, uint32_t as,
                          const calixo_statement* statements, size_t statement_count,
                          calixo_result** results);
  /* Frees tx, however it ends; CALIXO_DENIED, and it goes on, where another began it: who was
   * handed a tx works in it and does not end it. CALIXO_SQL_ERROR with *failure set (release it)
   * where the database refused (a deferred constraint, serialization), else *failure is NULL.
   * [fiber, suspends] */
  calixo_status (*commit)(const calixo_host* host, calixo_tx* tx, calixo_result** failure);
  /* Undoes tx and frees it; nothing where another began it, or tx is NULL. [fiber, suspends] */
  void (*rollback)(const calixo_host* host, calixo_tx* tx);

  /* Reading a result, in constant time. NULL is an empty one; past its end is absent. Views live
   * until release. */

  /* [any-thread] */
  size_t (*row_count)(const calixo_result* result);
  /* [any-thread] */
  size_t (*column_count)(const calixo_result* result);
  /* [any-thread] */
  calixo_str (*column_name)(const calixo_result* result, size_t column);
  /* {NULL, 0}: SQL NULL, or out of bounds. [any-thread] */
  calixo_str (*value)(const calixo_result* result, size_t row, size_t column);
  /* [any-thread] */
  int64_t (*affected_rows)(const calixo_result* result);
  /* Leaves a struct alone whose struct_size is too small. [any-thread] */
  void (*error)(const calixo_result* result, calixo_sql_error* error);
  /* Frees the result and ends its views; NULL does nothing. [any-thread] */
  void (*release)(calixo_result* result);
} calixo_db_v1;

#ifdef __cplusplus
}
#endif
#endif
