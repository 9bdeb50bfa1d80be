/* "calixo.avatar/1": people's avatars, as the plugin that keeps them offers them to the others by
 * calixo.services/1: what feeds them, and what they own.
 *
 * Every call works in its caller's transaction and takes effect with its commit, or never. */
#ifndef CALIXO_ABI_AVATAR_H
#define CALIXO_ABI_AVATAR_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_AVATAR_ID "calixo.avatar/1" /* for registry.offer and registry.need */

/* What somebody's avatar gets. Views are the caller's, until the call returns. */
typedef struct calixo_feeding {
  uint32_t struct_size;
  int32_t energy;      /* 0 to 100 */
  int32_t experience;  /* 0 to 1,000,000 */
  int32_t streak_days; /* the person's present streak: what it unlocks; 0: nothing */
  calixo_str user_id;  /* UUID text */
  calixo_str source;   /* what for: "attempt:17"; 1 to 120 of a-z, 0-9, '_', '.', ':' and '-' */
} calixo_feeding;

/* A cosmetic of the avatar's catalogue. */
typedef struct calixo_cosmetic {
  uint32_t struct_size;
  calixo_str category; /* "hat" */
  calixo_str item_id;  /* "straw_hat", within its category */
} calixo_cosmetic;

/* Constant, owned by the avatars' plugin. All answer CALIXO_INVALID for a malformed argument and
 * CALIXO_SQL_ERROR where a statement failed and the transaction can only be rolled back. tx is
 * neither committed nor rolled back. */
typedef struct calixo_avatar_v1 {
  uint32_t struct_size;
  void* user; /* handed to all */
  /* Feeds, once for one (user_id, source). Needs no round trip: a person who is none shows at the
   * commit. [fiber, suspends] */
  calixo_status (*feed)(void* user, calixo_tx* tx, const calixo_feeding* feeding);
  /* Makes a cosmetic the person's. CALIXO_NOT_FOUND: there is no such cosmetic; CALIXO_CONFLICT:
   * it is theirs already, and tx goes on. [fiber, suspends] */
  calixo_status (*unlock)(void* user, calixo_tx* tx, calixo_str user_id,
                          const calixo_cosmetic* cosmetic);
  /* Takes a cosmetic away, equipped or not. CALIXO_NOT_FOUND: it is not theirs.
   * [fiber, suspends] */
  calixo_status (*take_away)(void* user, calixo_tx* tx, calixo_str user_id,
                             const calixo_cosmetic* cosmetic);
  /* CALIXO_OK: the catalogue has this cosmetic; else CALIXO_NOT_FOUND. [fiber, suspends] */
  calixo_status (*find)(void* user, calixo_tx* tx, const calixo_cosmetic* cosmetic);
} calixo_avatar_v1;

#ifdef __cplusplus
}
#endif
#endif
