/* "calixo.signals/1": "look again", told to every process on one database.
 *
 * A signal carries nothing: the table is the truth, and a signal says that it changed. It may come
 * late, twice, or once for many; what none of the ways brought, a look once an interval finds. */
#ifndef CALIXO_ABI_SIGNALS_H
#define CALIXO_ABI_SIGNALS_H

#include <calixo/abi/base.h>
#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_SIGNALS_ID "calixo.signals/1" /* for get_interface */

/* One signal and who hears it. Copied; hear and user live as long as the library. */
typedef struct calixo_signal {
  uint32_t struct_size;
  calixo_str name; /* the plugin's own word for it, "changes": a-z, 0-9, '_', joined by '.' */

  /* Called in each serving process, one call at a time: once after the start, soon after each
   * sending, when the connection that hears was away, and at least once in
   * events.poll_interval_ms, since a sending may be lost. Sendings that come while it runs make one
   * further call. Must not throw. [fiber, suspends] */
  void (*hear)(void* user);
  void* user; /* the plugin's */
} calixo_signal;

/* Hearing and sending. */
typedef struct calixo_signals_v1 {
  /* A signal of its own. From describe. [startup] */
  calixo_status (*declare)(const calixo_host* host, const calixo_signal* signal);

  /* Sends it with the commit of tx (rolled back, it never was), or where that is NULL at once. A
   * trigger does the same by
   *   perform pg_notify('calixo_work', 'signal:<plugin id>/<name>');
   * CALIXO_NOT_FOUND: not this plugin's signal. CALIXO_SQL_ERROR as in calixo_events_v1.publish.
   * [fiber, suspends] */
  calixo_status (*send)(const calixo_host* host, calixo_tx* tx, calixo_str name,
                        calixo_result** failure);
} calixo_signals_v1;

#ifdef __cplusplus
}
#endif
#endif
