/* "calixo.personal_data/1": what a plugin holds about a person, told to that person on request and
 * erased with the account.
 *
 * The id names an extension point (calixo.extensions/1): a plugin adds a calixo_personal_data_v1
 * under the name that its part of an export bears ("walks"); the plugin that owns accounts calls
 * it. Whoever keeps rows, files or another system's records of a person adds one. */
#ifndef CALIXO_ABI_PERSONAL_DATA_H
#define CALIXO_ABI_PERSONAL_DATA_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_PERSONAL_DATA_ID "calixo.personal_data/1" /* for extensions.extend */

/* Constant, owned by the extending plugin, alive as long as its library. Both functions run inside
 * of the caller's transaction, by calixo_db_v1.run_in as the extending plugin; they neither commit
 * nor roll back, and may be called again for the same person. user_id is UUID text. Another status
 * than CALIXO_OK ends the whole export or erasure: nothing has taken effect then. Must not throw.
 */
typedef struct calixo_personal_data_v1 {
  uint32_t struct_size;
  void* user; /* handed to both */
  /* Calls put(sink, json) once, with an object that holds all there is about the person; the text
   * is copied. Secrets that prove something to this server are left out. NULL: the plugin only
   * erases. [fiber, suspends] */
  calixo_status (*export_data)(void* user, calixo_str user_id, calixo_tx* tx,
                               void (*put)(void* sink, calixo_str json), void* sink);
  /* Erases what there is, or cuts its tie to the person where others rely on it (a ledger). The
   * account still exists and is deleted in the same transaction, with all that foreign keys hold
   * on delete cascade: NULL where that is enough. [fiber, suspends] */
  calixo_status (*erase)(void* user, calixo_str user_id, calixo_tx* tx);
} calixo_personal_data_v1;

#ifdef __cplusplus
}
#endif
#endif
