/* "calixo.log/1": events with fields. The host adds plugin=, request_id= and the time.
 * Never hand it a secret, a token, an e-mail address or a body. */
#ifndef CALIXO_ABI_LOG_H
#define CALIXO_ABI_LOG_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_LOG_ID "calixo.log/1" /* for get_interface */

/* debug: one request; info: lifecycle; warn: degraded; error: an operator must act. */
enum { CALIXO_LOG_DEBUG = 0, CALIXO_LOG_INFO = 1, CALIXO_LOG_WARN = 2, CALIXO_LOG_ERROR = 3 };

/* One field of an event; an element of an array. */
typedef struct calixo_field {
  calixo_str name;  /* snake_case, its unit last: "took_ms" */
  calixo_str value; /* as text */
} calixo_field;

/* Events for the operator, and notices on the terminal. */
typedef struct calixo_log_v1 {
  /* 1 where events of this level are written. [any-thread] */
  int32_t (*is_enabled)(const calixo_host* host, uint32_t level);
  /* Copies what it is given; of the fields the first 32. fields may be NULL where field_count is 0.
   * [any-thread] */
  void (*write)(const calixo_host* host, uint32_t level, calixo_str event,
                const calixo_field* fields, size_t field_count);
  /* A line for the operator's terminal when the server is ready (a first password), never logged.
   * Copied. [startup] */
  void (*notice)(const calixo_host* host, calixo_str line);
} calixo_log_v1;

#ifdef __cplusplus
}
#endif
#endif
