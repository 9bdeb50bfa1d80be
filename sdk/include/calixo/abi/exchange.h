/* "calixo.exchange/1": reads one request and answers it.
 * Views live until the handler returns (or, for a parked stream, until the stream is closed). */
#ifndef CALIXO_ABI_EXCHANGE_H
#define CALIXO_ABI_EXCHANGE_H

#include <calixo/abi/registry.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_EXCHANGE_ID "calixo.exchange/1"

/* Who calls, as the token verifier found. Owned by the exchange. */
typedef struct calixo_principal {
  uint32_t struct_size;
  uint32_t roles;         /* CALIXO_ROLE_* bits; anonymous alone where there was no token */
  calixo_str user_id;     /* UUID text, or empty */
  calixo_str session_id;  /* UUID text, or empty */
  calixo_str claims_json; /* the verified token's claims: request.jwt.claims of each statement */
  int64_t expires_at_s;   /* Unix seconds, 0: never */
} calixo_principal;

typedef struct calixo_exchange_v1 {
  /* Reading. [fiber] */
  calixo_str (*method)(const calixo_exchange* exchange);
  calixo_str (*path)(const calixo_exchange* exchange);         /* decoded, without the query */
  calixo_str (*query_string)(const calixo_exchange* exchange); /* raw, without '?' */
  calixo_str (*path_parameter)(const calixo_exchange* exchange, calixo_str name); /* decoded */
  calixo_str (*header)(const calixo_exchange* exchange, calixo_str name); /* first; {NULL,0} */
  calixo_str (*body)(const calixo_exchange* exchange); /* whole; empty with STREAM_BODY */
  calixo_str (*request_id)(const calixo_exchange* exchange);
  calixo_str (*client_address)(
      const calixo_exchange* exchange);                    /* behind trusted proxies: theirs */
  calixo_str (*base_url)(const calixo_exchange* exchange); /* "https://api.example", no slash */
  calixo_str (*language)(const calixo_exchange* exchange); /* "es" or "en", from Accept-Language */
  const calixo_principal* (*principal)(const calixo_exchange* exchange);
  int32_t (*is_cancelled)(const calixo_exchange* exchange); /* client gone, deadline, drain */

  /* Answering: exactly one of respond, fail or a stream. A second answer is CALIXO_CONFLICT.
   * Header names and values with control bytes are CALIXO_INVALID. [fiber] */
  calixo_status (*set_header)(calixo_exchange* exchange, calixo_str name, calixo_str value);
  calixo_status (*add_header)(calixo_exchange* exchange, calixo_str name, calixo_str value);
  calixo_status (*respond)(calixo_exchange* exchange, uint16_t http_status, calixo_str content_type,
                           calixo_str body);
  calixo_status (*fail)(calixo_exchange* exchange, const calixo_problem* problem);
} calixo_exchange_v1;

#ifdef __cplusplus
}
#endif
#endif
