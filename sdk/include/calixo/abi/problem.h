/* A failure on its way to the client. A value of calixo.registry/1 and calixo.exchange/1; no
 * interface of its own. */
#ifndef CALIXO_ABI_PROBLEM_H
#define CALIXO_ABI_PROBLEM_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What calixo.exchange/1's fail takes and a route's render_problem is given. Its views live as long
 * as that call. */
typedef struct calixo_problem {
  uint32_t struct_size;
  uint16_t http_status;   /* 400 to 599 */
  uint32_t retry_after_s; /* 0: no Retry-After */
  calixo_str code;        /* stable, snake_case: "challenge_not_found" */
  calixo_str message;     /* in the caller's language; empty: the catalogue's text for code */
  calixo_str errors_json; /* JSON array for "errors", or empty */
} calixo_problem;

#ifdef __cplusplus
}
#endif
#endif
