/* "calixo.exchange/1": reads one request and answers it.
 * Views and the principal live until the handler returns (or, for a parked stream, until the stream
 * is closed). Names and values handed in are copied before the call returns. */
#ifndef CALIXO_ABI_EXCHANGE_H
#define CALIXO_ABI_EXCHANGE_H

#include <calixo/abi/principal.h>
#include <calixo/abi/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_EXCHANGE_ID "calixo.exchange/1" /* for get_interface */

/* Reading the request, then exactly one answer. */
typedef struct calixo_exchange_v1 {
  /* "GET", as the client sent it. [fiber] */
  calixo_str (*method)(const calixo_exchange* exchange);
  /* Decoded, without the query. [fiber] */
  calixo_str (*path)(const calixo_exchange* exchange);
  /* Raw, without '?'. [fiber] */
  calixo_str (*query_string)(const calixo_exchange* exchange);
  /* Decoded; empty where the route has no such parameter. [fiber] */
  calixo_str (*path_parameter)(const calixo_exchange* exchange, calixo_str name);
  /* The first with this name, in any case of letters; {NULL, 0} where there is none. [fiber] */
  calixo_str (*header)(const calixo_exchange* exchange, calixo_str name);
  /* Whole; empty with CALIXO_ROUTE_STREAM_BODY. [fiber] */
  calixo_str (*body)(const calixo_exchange* exchange);
  /* The id that stands in the log and in problem documents. [fiber] */
  calixo_str (*request_id)(const calixo_exchange* exchange);
  /* The client's address, as text; behind trusted proxies: the one that they tell. [fiber] */
  calixo_str (*client_address)(const calixo_exchange* exchange);
  /* Where the client reached the server: "https://api.example", without a slash. [fiber] */
  calixo_str (*base_url)(const calixo_exchange* exchange);
  /* "es" or "en", from Accept-Language. [fiber] */
  calixo_str (*language)(const calixo_exchange* exchange);
  /* Never NULL: who sent no token is anonymous. [fiber] */
  const calixo_principal* (*principal)(const calixo_exchange* exchange);
  /* 1 once the client is gone, the deadline passed or the server drains. [fiber] */
  int32_t (*is_cancelled)(const calixo_exchange* exchange);

  /* Answering: exactly one of respond, fail or a stream; a second answer is CALIXO_CONFLICT. */

  /* Replaces the headers of this name. CALIXO_INVALID for control bytes, for a header that is the
   * server's own (Content-Length and the like), and once the answer began. [fiber] */
  calixo_status (*set_header)(calixo_exchange* exchange, calixo_str name, calixo_str value);
  /* As set_header, beside what there is. [fiber] */
  calixo_status (*add_header)(calixo_exchange* exchange, calixo_str name, calixo_str value);
  /* The whole answer; http_status 200 to 599, else CALIXO_INVALID. [fiber] */
  calixo_status (*respond)(calixo_exchange* exchange, uint16_t http_status, calixo_str content_type,
                           calixo_str body);
  /* The answer is this problem, in the route's shape. [fiber] */
  calixo_status (*fail)(calixo_exchange* exchange, const calixo_problem* problem);
} calixo_exchange_v1;

#ifdef __cplusplus
}
#endif
#endif
