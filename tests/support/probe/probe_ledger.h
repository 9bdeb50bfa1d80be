/* "probe.ledger/1": the service that probe_ledger offers; C, as services between plugins are. */
#ifndef PROBE_LEDGER_H
#define PROBE_LEDGER_H

#include <calixo/abi/db.h>

#define PROBE_LEDGER_ID "probe.ledger/1"

typedef struct probe_ledger_v1 {
  /* Adds an entry inside the caller's transaction, under the ledger's own role.
   * [fiber, suspends] */
  calixo_status (*add)(calixo_tx* tx, int32_t amount);
} probe_ledger_v1;

#endif
