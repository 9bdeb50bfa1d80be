/* "calixo.registry/1": what a plugin tells the host about itself, during describe only.
 * Structs and views are the plugin's and copied before the call returns; function pointers, `user`
 * and tables have to live as long as the library. A refused registration says why in the host's
 * start error; the plugin should return the status it got: CALIXO_INVALID for a malformed one,
 * CALIXO_CONFLICT outside of describe, CALIXO_LIMIT past 10,000 registrations. */
#ifndef CALIXO_ABI_REGISTRY_H
#define CALIXO_ABI_REGISTRY_H

#include <calixo/abi/principal.h>
#include <calixo/abi/problem.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_REGISTRY_ID "calixo.registry/1" /* for get_interface */

/* What a route asks for: bits. */
enum {
  CALIXO_ROUTE_EXEC_THREAD = 1u << 0, /* run on a worker thread: the handler blocks */
  CALIXO_ROUTE_STREAM_BODY = 1u << 1, /* the handler reads the body itself, by calixo.stream/1 */
  CALIXO_ROUTE_READ_ONLY = 1u << 2,   /* writes nothing; may be served by a replica */
  CALIXO_ROUTE_HIDDEN = 1u << 3       /* not in the API document */
};

/* One route. */
typedef struct calixo_route {
  uint32_t struct_size;
  /* CALIXO_ROUTE_* bits. */
  uint32_t flags;
  uint32_t roles;             /* 0: CALIXO_ROLE_ANONYMOUS and everybody else */
  uint32_t deadline_ms;       /* 0: http.request_deadline_ms */
  uint64_t body_bytes_max;    /* 0: http.body_bytes_max */
  calixo_str method;          /* "GET"; HEAD and OPTIONS are answered from it */
  calixo_str path;            /* "/api/challenges/{id:int}"; types: int, uuid, str, path (rest) */
  calixo_str summary;         /* one sentence for the API document */
  calixo_str tag;             /* a chapter of the API document; empty: the plugin's id */
  calixo_str operation_id;    /* empty: derived from method and path */
  calixo_str consumes;        /* media type of the body; empty: application/json */
  calixo_str produces;        /* media type of the answer; empty: application/json */
  calixo_str query_schema;    /* JSON Schema object, its properties are query parameters */
  calixo_str request_schema;  /* JSON Schema of the body, or empty: no body */
  calixo_str response_schema; /* JSON Schema of the success answer, or empty: no content */
  uint16_t success_status;    /* 0: 200 */
  calixo_str problem_codes;   /* "404:challenge_not_found 409:already_started" */

  /* The handler answers through calixo.exchange/1 and returns; it must not throw. With
   * CALIXO_ROUTE_EXEC_THREAD it runs on a worker thread. [fiber, suspends] */
  void (*handle)(void* user, calixo_exchange* exchange);
  void* user; /* the plugin's; handed to both functions */
  /* Renders a problem of this route in another shape than RFC 9457 (a foreign wire format), by
   * answering through calixo.exchange/1. NULL: the host's shape. [loop] */
  void (*render_problem)(void* user, calixo_exchange* exchange, const calixo_problem* problem);
} calixo_route;

/* The type of a configuration key, and what else it is: bits. */
enum { CALIXO_KEY_BOOL = 1, CALIXO_KEY_INT = 2, CALIXO_KEY_REAL = 3, CALIXO_KEY_TEXT = 4 };
enum {
  CALIXO_KEY_SECRET = 1u << 0,  /* never shown, never logged */
  CALIXO_KEY_PUBLIC = 1u << 1,  /* served by GET /api/config */
  CALIXO_KEY_RUNTIME = 1u << 2, /* lives in the config table, changes without a restart */
  CALIXO_KEY_REQUIRED = 1u << 3 /* no default: the start asks for it */
};

/* One configuration key. */
typedef struct calixo_key {
  uint32_t struct_size;
  /* CALIXO_KEY_BOOL, INT, REAL or TEXT. */
  uint32_t type;
  /* CALIXO_KEY_SECRET, PUBLIC, RUNTIME, REQUIRED. */
  uint32_t flags;
  calixo_str name;          /* "auth.access_token_lifetime_s" */
  calixo_str default_value; /* as text */
  calixo_str description;   /* one sentence for the operator */
  calixo_str choices;       /* for text: "one|two|three", or empty */
  double min;               /* numbers: inclusive bounds; text: length in bytes */
  double max;               /* min > max: unbounded; beyond +-9.2e18: on that side */
} calixo_key;

/* One migration of the plugin's own tables. */
typedef struct calixo_migration {
  uint32_t struct_size;
  uint32_t number; /* 1.. without gaps */
  calixo_str name; /* "0001_users.sql" */
  calixo_str sql;  /* the file, byte for byte; run in one transaction */
} calixo_migration;

/* Access to another plugin's table, beyond what its owner gave to everybody. The operator has to
 * allow it (plugins.<id>.grants), else the plugin does not start. The owner's policies hold as
 * ever. */
typedef struct calixo_grant {
  uint32_t struct_size;
  calixo_str table;     /* "user_challenges" */
  calixo_str privilege; /* "select", "insert", "update" or "delete" */
  calixo_str columns;   /* "id, status", or empty: all of the table */
  calixo_str reason;    /* one sentence for the operator who decides */
} calixo_grant;

/* A command of the operator's CLI: `calixo users create-admin`. It runs with the plugin started, in
 * a process of its own. */
typedef struct calixo_command {
  uint32_t struct_size;
  calixo_str words;   /* "users create-admin" */
  calixo_str summary; /* one sentence for --help */
  calixo_str usage;   /* "--email ADDRESS [--password-stdin] [--json]" */
  /* arguments are those after the command's words, the host's, as write and sink are, until it
   * returns. Output goes through write(sink, text) to standard output, copied. The exit status is
   * returned, 0 to 125. [startup] */
  int32_t (*run)(void* user, const calixo_str* arguments, size_t argument_count,
                 void (*write)(void* sink, calixo_str text), void* sink);
  void* user; /* the plugin's */
} calixo_command;

/* What a plugin says of itself while it is described. */
typedef struct calixo_registry_v1 {
  /* [startup] */
  calixo_status (*route)(const calixo_host* host, const calixo_route* route);
  /* [startup] */
  calixo_status (*key)(const calixo_host* host, const calixo_key* key);
  /* [startup] */
  calixo_status (*migration)(const calixo_host* host, const calixo_migration* migration);
  /* [startup] */
  calixo_status (*command)(const calixo_host* host, const calixo_command* command);
  /* Offers a service: interface_table is a constant struct of function pointers, of the type that
   * the id names. [startup] */
  calixo_status (*offer)(const calixo_host* host, calixo_str id, const void* interface_table);
  /* Asks for a service. With required, the plugin does not start without it, and its owner starts
   * first. [startup] */
  calixo_status (*need)(const calixo_host* host, calixo_str id, int32_t required);
  /* A plugin that must migrate and start before this one (a foreign key on its table). [startup] */
  calixo_status (*depend)(const calixo_host* host, calixo_str plugin_id);
  /* A text for a problem code, by language ("es", "en"). [startup] */
  calixo_status (*message)(const calixo_host* host, calixo_str code, calixo_str language,
                           calixo_str text);
  /* Asks for access to another plugin's table. [startup] */
  calixo_status (*grant)(const calixo_host* host, const calixo_grant* grant);
} calixo_registry_v1;

#ifdef __cplusplus
}
#endif
#endif
