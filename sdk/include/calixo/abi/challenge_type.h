/* "calixo.challenge_type/1": what a challenge asks for and when it is met.
 *
 * The id names an extension point (calixo.extensions/1): a plugin adds a calixo_challenge_type_v1
 * under the type's name ("plank"), the plugin that owns challenges calls it. A template of that
 * type carries rules, set by the operator; a person's attempt at it goes
 *
 *   start -> progress, any number of times -> complete -> completed, or kept for review
 *                                          -> expire, where its time runs out first
 *
 * Every hook but check_rules runs inside of the transaction that changes the attempt, whose row is
 * locked from complete, progress and expire: of two that come at once the second sees what the
 * first left. What a hook writes by `tx` takes effect with the change or not at all. A type that
 * judges without the database (CALIXO_CHALLENGE_TYPE_NEEDS_NO_DATABASE) is asked by complete
 * before that: its verdict holds where the attempt is still as it was shown, and else it is asked
 * again, with the row locked. */
#ifndef CALIXO_ABI_CHALLENGE_TYPE_H
#define CALIXO_ABI_CHALLENGE_TYPE_H

#include <calixo/abi/db.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_CHALLENGE_TYPE_ID "calixo.challenge_type/1" /* for extensions.extend */

/* The longest state that an attempt keeps. */
#define CALIXO_CHALLENGE_STATE_BYTES_MAX 16384u

/* One attempt as a hook sees it. Owned by the caller; it and its views live until the hook
 * returns. Times are microseconds of UTC, stamped by the database. */
typedef struct calixo_attempt {
  uint32_t struct_size;
  uint32_t progress_count;     /* progress that was accepted so far */
  int64_t id;                  /* 0 from check_rules */
  int64_t challenge_id;        /* the template */
  int64_t started_at_us;       /* 0 from check_rules */
  int64_t now_us;              /* when the hook was called */
  int64_t last_progress_at_us; /* 0: none yet */
  int64_t expires_at_us;       /* 0: never */
  calixo_str user_id;          /* UUID text */
  calixo_str language;         /* "es" or "en": the caller's, for messages */
  calixo_str rules_json; /* the template's, an object that passed check_rules when it was saved */
  calixo_str state_json; /* what the type kept last, an object; "{}" from start */
  /* The caller's transaction, for calixo_db_v1.run_in, which runs as the type's plugin. The hook
   * neither commits nor rolls back. NULL from check_rules, and from complete of a type that needs
   * no database. */
  calixo_tx* tx;
} calixo_attempt;

enum {
  CALIXO_VERDICT_ACCEPT = 1, /* the change takes effect */
  CALIXO_VERDICT_REJECT = 2, /* it does not; the attempt stays open. 422 with `code` */
  CALIXO_VERDICT_REVIEW = 3, /* from complete: a person decides later; `code` says why */
  CALIXO_VERDICT_INVALID = 4 /* the JSON that came does not fit: 422 validation_failed */
};

/* Owned by the type; read during decide only. */
typedef struct calixo_verdict {
  uint32_t struct_size;
  uint32_t kind;        /* CALIXO_VERDICT_* */
  double reward_factor; /* accept, from complete: times the template's reward; at least 0 and at
                           most the owner's limit. Elsewhere not looked at */
  calixo_str code;      /* reject, review: stable, snake_case, at most 64 bytes: "held_too_short" */
  calixo_str message;   /* reject: in the attempt's language; empty: the catalogue's for code */
  calixo_str
      errors_json;       /* [{"field","code","message"}], fields as the type names them; or empty */
  calixo_str state_json; /* accept, review: an object to keep, without U+0000, at most
                            CALIXO_CHALLENGE_STATE_BYTES_MAX; {NULL, 0}: what was kept stays */
} calixo_verdict;

/* Takes the verdict; exactly one a hook. [fiber] */
typedef void (*calixo_decide_fn)(void* sink, const calixo_verdict* verdict);

enum {
  CALIXO_CHALLENGE_TYPE_TAKES_PROGRESS = 1u << 0, /* without it progress is refused */
  /* complete looks at the attempt and the proof alone: those of many people then share a commit */
  CALIXO_CHALLENGE_TYPE_NEEDS_NO_DATABASE = 1u << 1
};

/* Constant, owned by the type's plugin, alive as long as its library.
 *
 * A hook answers CALIXO_OK where it gave its verdict. Otherwise nothing takes effect, and the
 * client is told: CALIXO_CANCELLED, nothing; CALIXO_UNAVAILABLE, CALIXO_LIMIT and CALIXO_TIMEOUT,
 * to come back; CALIXO_CONFLICT, the transaction runs again, a bounded number of times;
 * CALIXO_UNSUPPORTED, the template's rules no longer fit the type; any other, that the type
 * failed. */
typedef struct calixo_challenge_type_v1 {
  uint32_t struct_size;
  uint32_t flags; /* CALIXO_CHALLENGE_TYPE_* bits */
  /* JSON Schemas (2020-12) of objects, from which clients draw forms. */
  calixo_str rules_schema;
  calixo_str proof_schema;    /* of what complete takes */
  calixo_str progress_schema; /* empty without TAKES_PROGRESS */
  /* How long an attempt stays open, where its template does not say; 0: for ever. */
  int64_t expires_after_s;
  void* user; /* handed to every hook */

  /* Whether rules will do, when a template is saved: accept, or invalid with the wrong fields. Of
   * the attempt only language and rules_json are set. [fiber, suspends] */
  calixo_status (*check_rules)(void* user, const calixo_attempt* attempt, calixo_decide_fn decide,
                               void* sink);
  /* May the attempt begin? accept or reject. NULL: always. [fiber, suspends] */
  calixo_status (*start)(void* user, const calixo_attempt* attempt, calixo_decide_fn decide,
                         void* sink);
  /* A sign of life on the way, an object. accept, reject or invalid. NULL without TAKES_PROGRESS.
   * [fiber, suspends] */
  calixo_status (*progress)(void* user, const calixo_attempt* attempt, calixo_str progress_json,
                            calixo_decide_fn decide, void* sink);
  /* Is it done? proof_json is what the client sent, an object; "{}" where it sent none. Any
   * verdict. [fiber, suspends] */
  calixo_status (*complete)(void* user, const calixo_attempt* attempt, calixo_str proof_json,
                            calixo_decide_fn decide, void* sink);
  /* Its time has run out and it fails; whatever is answered, it does: on another status than
   * CALIXO_OK only what the hook wrote is undone. NULL: nothing to do. [fiber, suspends] */
  calixo_status (*expire)(void* user, const calixo_attempt* attempt);
} calixo_challenge_type_v1;

#ifdef __cplusplus
}
#endif
#endif
