/* "calixo.log/1": events with fields. The host adds plugin=, request_id= and the time.
 * Never hand it a secret, a token, an e-mail address or a body. */
#ifndef CALIXO_ABI_LOG_H
#define CALIXO_ABI_LOG_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_LOG_ID "calixo.log/1"

enum { CALIXO_LOG_DEBUG = 0, CALIXO_LOG_INFO = 1, CALIXO_LOG_WARN = 2, CALIXO_LOG_ERROR = 3 };

typedef struct calixo_field {
  calixo_str name;
  calixo_str value;
} calixo_field;

typedef struct calixo_log_v1 {
  int32_t (*is_enabled)(const calixo_host* host, uint32_t level); /* [any-thread] */
  void (*write)(const calixo_host* host, uint32_t level, calixo_str event,
                const calixo_field* fields, size_t field_count); /* [any-thread] */
  /* A line for the operator's terminal when the server is ready (a first password), never logged.
   * [startup] */
  void (*notice)(const calixo_host* host, calixo_str line);
} calixo_log_v1;

#ifdef __cplusplus
}
#endif
#endif
