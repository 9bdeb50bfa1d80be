/* "calixo.wallet/1": people's in-app currency, as the plugin that keeps the ledger offers it to the
 * others by calixo.services/1.
 *
 * Every call works in its caller's transaction and takes effect with its commit, or never. A
 * movement is known by (user_id, reason, source): given twice, it moves once. No balance is ever
 * below zero. */
#ifndef CALIXO_ABI_WALLET_H
#define CALIXO_ABI_WALLET_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_WALLET_ID "calixo.wallet/1" /* for registry.offer and registry.need */

/* What is paid or taken. Views are the caller's, until the call returns. */
typedef struct calixo_movement {
  uint32_t struct_size;
  calixo_str user_id; /* UUID text */
  int64_t amount;     /* 1 to 1,000,000,000 */
  calixo_str reason;  /* what kind, as statements show it: "challenge"; 1 to 40 of a-z and '_' */
  calixo_str source;  /* what for: "attempt:17"; 1 to 120 of a-z, 0-9, '_', '.', ':' and '-' */
  int64_t item_id;    /* of the store, or 0 */
} calixo_movement;

/* Constant, owned by the ledger's plugin. All answer CALIXO_INVALID for a malformed movement,
 * CALIXO_NOT_FOUND for a person who is none, and CALIXO_SQL_ERROR where a statement failed and the
 * transaction can only be rolled back. tx is neither committed nor rolled back. */
typedef struct calixo_wallet_v1 {
  uint32_t struct_size;
  void* user; /* handed to all */
  /* Pays. Needs no round trip: a person who is none shows at the commit. [fiber, suspends] */
  calixo_status (*credit)(void* user, calixo_tx* tx, const calixo_movement* movement);
  /* Takes; *balance is what is left. CALIXO_CONFLICT: there is less than that, nothing moved and tx
   * goes on. [fiber, suspends] */
  calixo_status (*debit)(void* user, calixo_tx* tx, const calixo_movement* movement,
                         int64_t* balance);
  /* Sets aside what may be taken later; *hold_id is for capture or release. As debit else. A hold
   * that neither ends stays. [fiber, suspends] */
  calixo_status (*hold)(void* user, calixo_tx* tx, const calixo_movement* movement,
                        int64_t* hold_id);
  /* Takes what was set aside. CALIXO_NOT_FOUND: no such hold; CALIXO_CONFLICT: it was released.
   * Nothing where it was captured already. [fiber, suspends] */
  calixo_status (*capture)(void* user, calixo_tx* tx, int64_t hold_id);
  /* Gives back what was set aside. CALIXO_NOT_FOUND: no such hold; CALIXO_CONFLICT: it was
   * captured. Nothing where it was released already. [fiber, suspends] */
  calixo_status (*release)(void* user, calixo_tx* tx, int64_t hold_id);
  /* Takes back, by a posting of its own, what (user_id, reason, source) was paid, or as much of it
   * as there still is; *taken is how much. movement.amount is not looked at. CALIXO_NOT_FOUND: it
   * was never paid; nothing where it was taken back already. [fiber, suspends] */
  calixo_status (*take_back)(void* user, calixo_tx* tx, const calixo_movement* movement,
                             int64_t* taken);
  /* What the person may spend: 0 for somebody who never had any. [fiber, suspends] */
  calixo_status (*balance)(void* user, calixo_tx* tx, calixo_str user_id, int64_t* balance);
} calixo_wallet_v1;

#ifdef __cplusplus
}
#endif
#endif
