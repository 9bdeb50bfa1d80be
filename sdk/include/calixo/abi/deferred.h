/* "calixo.deferred/1": statements that need no answer, without a round trip of their own.
 *
 * They travel with the transaction's next statement, or with its commit, in the order given and
 * before it. What the database says against one is the failure of that statement or commit. */
#ifndef CALIXO_ABI_DEFERRED_H
#define CALIXO_ABI_DEFERRED_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_DEFERRED_ID "calixo.deferred/1" /* for get_interface */

/* Adding statements to a transaction. */
typedef struct calixo_deferred_v1 {
  /* Adds 1 to 64 statements to tx, copied, to run as `host`'s plugin. CALIXO_OK: they run before
   * the next statement of tx, whoever gives it, or before its commit; a rollback forgets them.
   * CALIXO_LIMIT where 256 wait already. Whether they succeed is not known on return.
   * [fiber] */
  calixo_status (*run_later)(const calixo_host* host, calixo_tx* tx, uint32_t as,
                             const calixo_statement* statements, size_t statement_count);
} calixo_deferred_v1;

#ifdef __cplusplus
}
#endif
#endif
