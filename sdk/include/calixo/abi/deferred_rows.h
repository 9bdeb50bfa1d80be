/* "calixo.deferred_rows/1": rows of one statement, given one by one, that run at once.
 *
 * For services that are called for each of many: what is paid to 64 people in one transaction is
 * then one statement. They travel as calixo.deferred/1's statements do, and in the same order. */
#ifndef CALIXO_ABI_DEFERRED_ROWS_H
#define CALIXO_ABI_DEFERRED_ROWS_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_DEFERRED_ROWS_ID "calixo.deferred_rows/1" /* for get_interface */

/* Adding rows to a transaction. */
typedef struct calixo_deferred_rows_v1 {
  /* Adds a row of row->sql to tx, copied, to run as `host`'s plugin. Rows of the same sql that are
   * given with nothing but rows in between run as one statement, where the first of them stands:
   * its parameter i is an array of their parameters i, in the order given. CALIXO_OK: it runs
   * before the next statement of tx, whoever gives it, or before its commit; a rollback forgets
   * it. CALIXO_LIMIT where 1024 rows of it wait already, or 256 statements. Whether it succeeds is
   * not known on return. [fiber] */
  calixo_status (*run_row_later)(const calixo_host* host, calixo_tx* tx, uint32_t as,
                                 const calixo_statement* row);
} calixo_deferred_rows_v1;

#ifdef __cplusplus
}
#endif
#endif
