/* "calixo.premium/1": who is premium, as the plugin that keeps accounts takes it from the one that
 * keeps subscriptions, by calixo.services/1. */
#ifndef CALIXO_ABI_PREMIUM_H
#define CALIXO_ABI_PREMIUM_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_PREMIUM_ID "calixo.premium/1" /* for registry.offer and registry.need */

/* Constant, owned by the accounts' plugin. */
typedef struct calixo_premium_v1 {
  uint32_t struct_size;
  void* user; /* handed to all */
  /* Makes somebody premium, or no longer, in the caller's transaction: with its commit it holds for
   * their next request on every process, whatever their token says. Moderators and administrators
   * stay what they are. Nothing where it is so already. user_id: UUID text, the caller's until the
   * call returns. CALIXO_NOT_FOUND: there is no such person; CALIXO_INVALID: no UUID;
   * CALIXO_SQL_ERROR: a statement failed, the transaction can only be rolled back.
   * [fiber, suspends] */
  calixo_status (*set)(void* user, calixo_tx* tx, calixo_str user_id, int32_t is_premium);
} calixo_premium_v1;

#ifdef __cplusplus
}
#endif
#endif
