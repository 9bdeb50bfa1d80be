/* "calixo.runtime/1": time, waiting, locks and work that blocks. */
#ifndef CALIXO_ABI_RUNTIME_H
#define CALIXO_ABI_RUNTIME_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_RUNTIME_ID "calixo.runtime/1" /* for get_interface */

typedef struct calixo_mutex calixo_mutex; /* owned by the plugin until mutex_destroy */

/* Clocks, sleep, worker threads and fair locks. */
typedef struct calixo_runtime_v1 {
  /* Wall clock, UTC, microseconds since 1970. [any-thread] */
  int64_t (*unix_time_us)(const calixo_host* host);
  /* Microseconds since some moment before the process; never goes back. [any-thread] */
  int64_t (*monotonic_time_us)(const calixo_host* host);
  /* Suspends at least duration_ms. CALIXO_CANCELLED if the request ends first.
   * [fiber, suspends] */
  calixo_status (*sleep)(const calixo_host* host, uint32_t duration_ms);
  /* Runs work(user) on a worker thread and waits for its end, whatever happens to the request: for
   * hashing and other computation beyond a millisecond. CALIXO_LIMIT where the queue is full.
   * work must not throw; user is the plugin's. [fiber, suspends] */
  calixo_status (*run_blocking)(const calixo_host* host, void (*work)(void* user), void* user);

  /* A lock that may be held across suspensions. Fair. NULL without memory. [any-thread] */
  calixo_mutex* (*mutex_create)(const calixo_host* host);
  /* CALIXO_CANCELLED if the request ends first: then it is not locked. [fiber, suspends] */
  calixo_status (*mutex_lock)(calixo_mutex* mutex);
  /* By the fiber or thread that locked it. [fiber] */
  void (*mutex_unlock)(calixo_mutex* mutex);
  /* Nobody holds it or waits for it; NULL does nothing. [any-thread] */
  void (*mutex_destroy)(calixo_mutex* mutex);
} calixo_runtime_v1;

#ifdef __cplusplus
}
#endif
#endif
