/* "calixo.token_verifier/1": turns a bearer token into a principal. A service that the host itself
 * asks for: one plugin offers it with registry.offer. */
#ifndef CALIXO_ABI_TOKEN_VERIFIER_H
#define CALIXO_ABI_TOKEN_VERIFIER_H

#include <calixo/abi/principal.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_TOKEN_VERIFIER_ID "calixo.token_verifier/1" /* for registry.offer */

/* Owned by the plugin, constant, alive as long as the library. */
typedef struct calixo_token_verifier_v1 {
  /* CALIXO_OK; CALIXO_DENIED: not valid; CALIXO_TIMEOUT: expired. Before CALIXO_OK it calls
   * accept(sink, principal) once; the principal and its views need live only for that call, accept
   * and sink are the host's and end with this one. The host caches the answer until expires_at_s,
   * so that a verified request costs what an anonymous one does. [loop] */
  calixo_status (*verify)(calixo_str token,
                          void (*accept)(void* sink, const calixo_principal* principal),
                          void* sink);
} calixo_token_verifier_v1;

#ifdef __cplusplus
}
#endif
#endif
