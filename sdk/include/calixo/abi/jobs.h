/* "calixo.jobs/1": work that is done later, or again and again.
 *
 * A job's runs are rows; any number of processes on one database share them. A run that fails is
 * tried again with a growing pause, and kept as dead after attempts_max. A process that dies leaves
 * its runs to the others once their leases end. */
#ifndef CALIXO_ABI_JOBS_H
#define CALIXO_ABI_JOBS_H

#include <calixo/abi/base.h>
#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_JOBS_ID "calixo.jobs/1" /* for get_interface */

/* One run. Owned by the host; views live until run returns. */
typedef struct calixo_job_run {
  uint32_t struct_size;
  uint32_t attempt;   /* 1 the first time */
  int64_t id;         /* the same at every attempt */
  calixo_str payload; /* JSON, byte for byte as enqueued; "{}" for runs by every_ms */
  int64_t run_at_us;  /* when it was to run; for runs by every_ms the beginning of the interval */
} calixo_job_run;

/* What a job asks for: bits. */
enum {
  /* As CALIXO_SUBSCRIPTION_IN_TRANSACTION: what run writes in tx takes effect exactly once. */
  CALIXO_JOB_IN_TRANSACTION = 1u << 0,
  /* Never two runs of it at once in one process; else up to events.concurrency_max. */
  CALIXO_JOB_ONE_AT_A_TIME = 1u << 1
};

/* One kind of work. Copied; run and user live as long as the library. */
typedef struct calixo_job {
  uint32_t struct_size;
  uint32_t flags;        /* CALIXO_JOB_* bits */
  uint32_t attempts_max; /* 0: events.attempts_max */
  uint32_t timeout_ms;   /* waits of run end after; 0: events.timeout_ms */
  uint64_t every_ms;     /* at least 1000; once an interval over all processes. 0: enqueued only */
  calixo_str name;       /* the plugin's own word for it, "expire_attempts"; stays over releases */
  calixo_str payload_schema; /* JSON Schema of the payload, or empty */

  /* CALIXO_OK: done. CALIXO_INVALID: no attempt will ever pass, dead at once. Anything else: tried
   * again. error and tx as in calixo_subscription.deliver. Must not throw. [fiber, suspends] */
  calixo_status (*run)(void* user, const calixo_job_run* run, calixo_tx* tx, char* error,
                       size_t error_size);
  void* user; /* the plugin's */
} calixo_job;

/* Declaring jobs and asking for their runs. */
typedef struct calixo_jobs_v1 {
  /* From describe. [startup] */
  calixo_status (*declare)(const calixo_host* host, const calixo_job* job);

  /* Enqueues a run of this plugin's job, in tx (rolled back, it never was), or where that is NULL
   * in a transaction of its own. run_at_us: not before; 0 for now. While a run with the same
   * unique_key waits or runs, another is not added: CALIXO_CONFLICT, and tx goes on; an empty
   * unique_key is never the same. CALIXO_NOT_FOUND: not this plugin's job. CALIXO_LIMIT: the
   * payload is longer than events.payload_bytes_max, or the unique_key than 200 bytes.
   * CALIXO_SQL_ERROR as in calixo_events_v1.publish. [fiber, suspends] */
  calixo_status (*enqueue)(const calixo_host* host, calixo_tx* tx, calixo_str name,
                           calixo_str unique_key, calixo_str payload, int64_t run_at_us,
                           calixo_result** failure);
} calixo_jobs_v1;

#ifdef __cplusplus
}
#endif
#endif
