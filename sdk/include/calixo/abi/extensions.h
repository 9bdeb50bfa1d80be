/* "calixo.extensions/1": many plugins offer the same interface to the one that asks for it.
 *
 * A plugin defines a point by id ("calixo.challenge_type/1"); others extend it, each under a name
 * of its own ("plank"). A service has one owner and many users; a point has one user and many
 * owners. */
#ifndef CALIXO_ABI_EXTENSIONS_H
#define CALIXO_ABI_EXTENSIONS_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_EXTENSIONS_ID "calixo.extensions/1" /* for get_interface */

/* One extension as the owner of the point sees it. The struct lives while visit runs; its views are
 * owned by the host and live to the end of the process. */
typedef struct calixo_extension {
  uint32_t struct_size;
  calixo_str plugin_id;    /* who extends */
  calixo_str name;         /* unique at its point */
  calixo_str details_json; /* what the extending plugin declared, for the manifest; or empty */
  const void* table; /* of the type that the point's id names; owned by the extending plugin */
} calixo_extension;

/* Points that plugins define, and what others add to them. */
typedef struct calixo_extensions_v1 {
  /* The calling plugin owns this point. CALIXO_CONFLICT outside of describe. [startup] */
  calixo_status (*define)(const calixo_host* host, calixo_str point);
  /* Adds to a point that another plugin, or this one, defines; without its owner the plugin does
   * not start. `table` is constant and lives as long as the library; name and details are copied.
   * CALIXO_CONFLICT outside of describe. [startup] */
  calixo_status (*extend)(const calixo_host* host, calixo_str point, calixo_str name,
                          const void* table, calixo_str details_json);
  /* Calls visit(sink, extension), before it returns, for each that healthy plugins added to a point
   * that the caller defined, ordered by name; CALIXO_DENIED for another's point. From start on, and
   * constant since. [any-thread] */
  calixo_status (*each)(const calixo_host* host, calixo_str point,
                        void (*visit)(void* sink, const calixo_extension* extension), void* sink);
} calixo_extensions_v1;

#ifdef __cplusplus
}
#endif
#endif
