/* "calixo.principals/1": the token verifier's word that what it said of a caller holds no more.
 *
 * The host remembers what a verifier accepted, so that a known token costs a look-up. Sign-out, a
 * ban or a role that changed must not wait until it forgets by itself. The order is: first the
 * verifier answers differently, then it calls forget.
 *
 * A verifier that answers CALIXO_NOT_FOUND says that the token was good and its session or account
 * is gone: 401 with the code session_not_found, where CALIXO_DENIED is 401 invalid_token. */
#ifndef CALIXO_ABI_PRINCIPALS_H
#define CALIXO_ABI_PRINCIPALS_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_PRINCIPALS_ID "calixo.principals/1" /* for get_interface */

/* Forgetting verified callers. Only for the plugin that offers calixo.token_verifier/1; any other
 * is answered CALIXO_DENIED. */
typedef struct calixo_principals_v1 {
  /* The tokens of this user or this session, by the ids that the principal had, are verified anew
   * from the next request on, in this process. Requests that run go on. [any-thread] */
  calixo_status (*forget)(const calixo_host* host, calixo_str id);
  /* All tokens are. [any-thread] */
  calixo_status (*forget_all)(const calixo_host* host);
} calixo_principals_v1;

#ifdef __cplusplus
}
#endif
#endif
