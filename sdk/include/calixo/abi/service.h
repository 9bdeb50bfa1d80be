/* "calixo.services/1": finds what another plugin offers, and interfaces the host itself asks for.
 */
#ifndef CALIXO_ABI_SERVICE_H
#define CALIXO_ABI_SERVICE_H

#include <calixo/abi/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_SERVICES_ID "calixo.services/1"

typedef struct calixo_services_v1 {
  /* The interface table offered under id, or NULL. Only for ids the plugin asked for with
   * registry.need. Valid from start to stop. [any-thread] */
  const void* (*find)(const calixo_host* host, calixo_str id);
} calixo_services_v1;

/* Extension point: turns a bearer token into a principal. The host caches the answer until
 * expires_at_s, so that a verified request costs what an anonymous one does. */
#define CALIXO_TOKEN_VERIFIER_ID "calixo.token_verifier/1"

typedef struct calixo_token_verifier_v1 {
  /* CALIXO_OK; CALIXO_DENIED: not valid; CALIXO_TIMEOUT: expired. Fills principal by calling
   * accept(sink, principal) once; its views need live only for that call. [loop] */
  calixo_status (*verify)(const calixo_str token,
                          void (*accept)(void* sink, const calixo_principal* principal),
                          void* sink);
} calixo_token_verifier_v1;

#ifdef __cplusplus
}
#endif
#endif
