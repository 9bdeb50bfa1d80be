/* "calixo.stream/1": bodies larger than memory, and answers without an end. */
#ifndef CALIXO_ABI_STREAM_H
#define CALIXO_ABI_STREAM_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_STREAM_ID "calixo.stream/1" /* for get_interface */

/* An answer that outlives its handler and holds no fiber. Owned by the host; the plugin holds one
 * reference from park until release. */
typedef struct calixo_stream calixo_stream;

/* What a parked stream calls; copied by park. A function may be NULL. */
typedef struct calixo_stream_events {
  uint32_t struct_size;
  /* Room again after CALIXO_WOULD_BLOCK. [loop] */
  void (*on_writable)(void* user, calixo_stream* stream);
  /* Once: client gone, drain, or closed. [loop] */
  void (*on_closed)(void* user, calixo_stream* stream);
} calixo_stream_events;

/* Bodies and answers in parts. */
typedef struct calixo_stream_v1 {
  /* The next bytes of the request's body, into the plugin's buffer; *size 0 at its end. For
   * CALIXO_ROUTE_STREAM_BODY. CALIXO_LIMIT past the route's body_bytes_max. [fiber, suspends] */
  calixo_status (*read)(calixo_exchange* exchange, char* buffer, size_t capacity, size_t* size);

  /* Starts the answer; content_length < 0: chunked. Headers set before are sent. [fiber] */
  calixo_status (*begin)(calixo_exchange* exchange, uint16_t http_status, calixo_str content_type,
                         int64_t content_length);
  /* Copies the bytes into a queue; waits while more than http.stream_buffer_bytes_max are unsent.
   * CALIXO_CANCELLED once the client is gone. [fiber, suspends] */
  calixo_status (*write)(calixo_exchange* exchange, calixo_str bytes);
  /* Ends the answer; otherwise the handler's return does. [fiber] */
  calixo_status (*end)(calixo_exchange* exchange);

  /* After begin: hands the answer to a stream that goes on after the handler returned. user is the
   * plugin's and has to live until release returned. *stream is NULL on failure. [fiber] */
  calixo_status (*park)(calixo_exchange* exchange, const calixo_stream_events* events, void* user,
                        calixo_stream** stream);
  /* Queues a copy of all bytes or nothing: CALIXO_WOULD_BLOCK above the high-water mark
   * (on_writable follows), CALIXO_CANCELLED after it closed. [any-thread] */
  calixo_status (*send)(calixo_stream* stream, calixo_str bytes);
  /* Ends the answer once all is sent. [any-thread] */
  void (*close)(calixo_stream* stream);
  /* Gives the reference back, once; no callback comes after. NULL does nothing. [any-thread] */
  void (*release)(calixo_stream* stream);
} calixo_stream_v1;

#ifdef __cplusplus
}
#endif
#endif
