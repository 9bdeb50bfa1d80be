/* Who calls: roles and the principal. Values of calixo.registry/1, calixo.exchange/1 and
 * calixo.token_verifier/1; no interface of its own. */
#ifndef CALIXO_ABI_PRINCIPAL_H
#define CALIXO_ABI_PRINCIPAL_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Who may call a route: a bit for each role. A caller with none of the bits gets 401 (anonymous) or
 * 403. admin passes wherever moderator does; premium wherever user does. */
enum {
  CALIXO_ROLE_ANONYMOUS = 1u << 0,
  CALIXO_ROLE_USER = 1u << 1,
  CALIXO_ROLE_PREMIUM = 1u << 2,
  CALIXO_ROLE_MODERATOR = 1u << 3,
  CALIXO_ROLE_ADMIN = 1u << 4,
  CALIXO_ROLE_SERVICE = 1u << 5
};

/* Who calls, as the token verifier found. From the host: owned by the exchange, with its views, and
 * alive as long. From a verifier: read while accept runs. */
typedef struct calixo_principal {
  uint32_t struct_size;
  uint32_t roles;         /* CALIXO_ROLE_* bits; anonymous alone where there was no token */
  calixo_str user_id;     /* UUID text, or empty */
  calixo_str session_id;  /* UUID text, or empty */
  calixo_str claims_json; /* the verified token's claims: request.jwt.claims of each statement */
  int64_t expires_at_s;   /* Unix seconds, 0: never */
} calixo_principal;

#ifdef __cplusplus
}
#endif
#endif
