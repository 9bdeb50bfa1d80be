/* "calixo.services/1": finds what another plugin offers. */
#ifndef CALIXO_ABI_SERVICES_H
#define CALIXO_ABI_SERVICES_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_SERVICES_ID "calixo.services/1" /* for get_interface */

/* Looking up what other plugins offer. */
typedef struct calixo_services_v1 {
  /* The interface table offered under id, or NULL; owned by the plugin that offers it, constant,
   * alive to the end of the process. Only for ids that the plugin asked for with registry.need.
   * Valid from start to stop. [any-thread] */
  const void* (*find)(const calixo_host* host, calixo_str id);
} calixo_services_v1;

#ifdef __cplusplus
}
#endif
#endif
