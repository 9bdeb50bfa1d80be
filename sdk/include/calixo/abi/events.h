/* "calixo.events/1": what happened in one plugin, told to others after the commit.
 *
 * publish writes the event into the outbox, in the publisher's transaction: rolled back, it never
 * was. Once committed it is delivered at least once to each subscription of its topic; those of
 * one key in the order of their commits, one at a time. A delivery that fails is tried again with a
 * growing pause, and kept as a dead letter after attempts_max; neither other subscriptions nor
 * other keys wait for it. Any number of processes on one database share the deliveries. */
#ifndef CALIXO_ABI_EVENTS_H
#define CALIXO_ABI_EVENTS_H

#include <calixo/abi/base.h>
#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_EVENTS_ID "calixo.events/1" /* for get_interface */

/* What a plugin publishes. A topic belongs to one plugin. Views are copied. */
typedef struct calixo_topic {
  uint32_t struct_size;
  calixo_str name;           /* "challenge.completed": words of a-z, 0-9, '_', joined by '.' */
  calixo_str payload_schema; /* JSON Schema of the payload, or empty */
  calixo_str description;    /* one sentence */
} calixo_topic;

/* One event on its way to one subscription. Owned by the host; views live until deliver returns. */
typedef struct calixo_event {
  uint32_t struct_size;
  uint32_t attempt;   /* 1 the first time */
  int64_t id;         /* the event's; the same at every attempt and for every subscription */
  calixo_str topic;   /* its name, as it was published */
  calixo_str key;     /* may be empty */
  calixo_str payload; /* JSON, byte for byte as published */
  /* Microseconds since 1970, by the database's clock. */
  int64_t published_at_us;
} calixo_event;

/* What a subscription asks for: bits. */
enum {
  /* The delivery runs in a transaction that also marks it as done: what deliver writes in tx takes
   * effect exactly once, whatever dies when. Without it tx is NULL, and deliver must bear being
   * called again after it had succeeded. */
  CALIXO_SUBSCRIPTION_IN_TRANSACTION = 1u << 0
};

/* Who is told of a topic's events. Copied; deliver and user live as long as the library. */
typedef struct calixo_subscription {
  uint32_t struct_size;
  uint32_t flags;        /* CALIXO_SUBSCRIPTION_* bits */
  uint32_t attempts_max; /* 0: events.attempts_max */
  uint32_t timeout_ms;   /* waits of deliver end after; 0: events.timeout_ms */
  calixo_str topic;      /* any plugin's; one that nobody declares never comes */
  calixo_str name;       /* the plugin's own word for it, "pay_reward"; stays over releases */

  /* CALIXO_OK: done. CALIXO_INVALID: no attempt will ever pass, a dead letter at once. Anything
   * else: tried again. `error` receives a reason of at most error_size bytes, NUL-terminated, for
   * the operator; never a secret. tx is the host's: run statements in it (calixo.db/1, as
   * CALIXO_DB_AS_SERVICE), but neither commit it nor roll it back. Must not throw.
   * [fiber, suspends] */
  calixo_status (*deliver)(void* user, const calixo_event* event, calixo_tx* tx, char* error,
                           size_t error_size);
  void* user; /* the plugin's */
} calixo_subscription;

/* Declaring topics, listening and publishing. */
typedef struct calixo_events_v1 {
  /* A topic of its own. From describe. [startup] */
  calixo_status (*declare)(const calixo_host* host, const calixo_topic* topic);
  /* Listens to a topic of its own or of another plugin. From describe. [startup] */
  calixo_status (*subscribe)(const calixo_host* host, const calixo_subscription* subscription);

  /* Publishes on a topic that this plugin declared, in tx, or where that is NULL in a transaction
   * of its own. Events of one key wait for each other's commit; an empty key promises no order.
   * CALIXO_NOT_FOUND: not this plugin's topic. CALIXO_LIMIT: the payload is longer than
   * events.payload_bytes_max, or the key than 200 bytes. CALIXO_SQL_ERROR: the database refused
   * (a payload that is no JSON, a deadlock); *failure then says why (release it by calixo.db/1).
   * In tx it travels as calixo.deferred/1 has it: a refusal shows at tx's next statement or commit.
   * [fiber, suspends] */
  calixo_status (*publish)(const calixo_host* host, calixo_tx* tx, calixo_str topic, calixo_str key,
                           calixo_str payload, calixo_result** failure);
} calixo_events_v1;

#ifdef __cplusplus
}
#endif
#endif
