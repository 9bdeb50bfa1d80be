/* "calixo.http_client/1": requests to other servers, over HTTP/1.1 and TLS. */
#ifndef CALIXO_ABI_HTTP_CLIENT_H
#define CALIXO_ABI_HTTP_CLIENT_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_HTTP_CLIENT_ID "calixo.http_client/1" /* for get_interface */

/* What a request may be. */
enum {
  /* It may be sent again whatever its method: it bears an idempotency key, or only reads. */
  CALIXO_HTTP_REPEATABLE = 1u << 0
};

/* One header; an element of an array. */
typedef struct calixo_http_header {
  calixo_str name;  /* a token, as HTTP has them */
  calixo_str value; /* without control bytes */
} calixo_http_header;

/* One request. All of it is the plugin's, until send returns. */
typedef struct calixo_http_request {
  uint32_t struct_size;
  /* CALIXO_HTTP_REPEATABLE. */
  uint32_t flags;
  /* "GET"; empty: GET. */
  calixo_str method;
  /* http:// or https://, without user name; at most 8192 bytes. */
  calixo_str url;
  /* Host, Content-Length and those of the connection are the host's own. At most 64. */
  const calixo_http_header* headers;
  size_t header_count;         /* 0: headers may be NULL */
  calixo_str body;             /* at most 16 MiB */
  uint32_t connect_timeout_ms; /* 0: 5 s */
  uint32_t timeout_ms;         /* for all attempts together; 0: outbound.timeout_ms */
  uint32_t attempts_max;     /* 0: 3 where it may be repeated; where it may not, it is sent once */
  uint32_t redirects_max;    /* followed by GET and HEAD; 0: a redirect is an answer, most is 10 */
  uint64_t answer_bytes_max; /* of the body; 0: 1 MiB, most is 64 MiB */
} calixo_http_request;

typedef struct calixo_http_answer calixo_http_answer; /* owned by the plugin until release */

/* Sending, and reading what was answered. */
typedef struct calixo_http_client_v1 {
  /* Sends the request and waits for its whole answer; any status of HTTP is CALIXO_OK. GET, HEAD,
   * PUT, DELETE and OPTIONS, and what is CALIXO_HTTP_REPEATABLE, are sent again after a lost
   * connection, 502, 503 and 504. A certificate is checked against the system's authorities or
   * outbound.ca_file.
   * CALIXO_INVALID: the request is none. CALIXO_TIMEOUT: too slow. CALIXO_CANCELLED: the caller's
   * request ended. CALIXO_UNAVAILABLE: no connection, no trust or no whole answer; also at once
   * while that server is left alone after failing again and again. CALIXO_LIMIT: the answer is
   * longer than allowed, or outbound.in_flight_max is reached. *answer is NULL unless CALIXO_OK.
   * [fiber, suspends] */
  calixo_status (*send)(const calixo_host* host, const calixo_http_request* request,
                        calixo_http_answer** answer);

  /* Views live until release; NULL is an empty answer. */

  /* 200 to 599; 0 of NULL. [any-thread] */
  uint16_t (*status)(const calixo_http_answer* answer);
  /* The first with this name, in any case of letters; {NULL, 0} where there is none.
   * [any-thread] */
  calixo_str (*header)(const calixo_http_answer* answer, calixo_str name);
  /* As it came, without its transfer encoding. [any-thread] */
  calixo_str (*body)(const calixo_http_answer* answer);
  /* Frees the answer and ends its views; NULL does nothing. [any-thread] */
  void (*release)(calixo_http_answer* answer);
} calixo_http_client_v1;

#ifdef __cplusplus
}
#endif
#endif
