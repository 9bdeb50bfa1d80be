/* Words that every interface of the plugin contract shares: views, status codes, the host handle.
 * C11. Nothing of the C++ runtime crosses this boundary: no exception, no RTTI, no allocation that
 * one side makes and the other frees.
 *
 * Thread tags, one at each function:
 *   [startup]          from describe, configure, start or stop, on the thread that runs the
 *                      lifecycle; what suspends elsewhere blocks here
 *   [fiber, suspends]  from a request handler; the fiber waits, the loop goes on. Allowed as well
 *                      from a worker thread or in [startup], which then block
 *   [fiber]            the same, but never waits
 *   [any-thread]       from anywhere; never waits
 *   [loop]             called by the host on an event loop; must not wait
 *
 * Memory. What a caller hands over belongs to the caller, and is read during the call only, unless
 * the member says that it has to live longer. Pointers may not be NULL unless the member says so;
 * where one is, the call answers CALIXO_INVALID.
 *
 * Layout. Numbers have a fixed width, sizes and counts of this process's memory are size_t, yes and
 * no is int32_t (0: no). Structs are naturally aligned, never packed, have no reserved members and
 * never change: a new ability is a new id with structs of its own. Where the contract may still
 * meet another size, in what one side fills and the other reads, struct_size comes first: sizeof
 * the struct as its filler was compiled. Elements of arrays (such as calixo_str, calixo_statement,
 * calixo_field) have none. The layout is that of LP64, little-endian: x86_64 and aarch64 alike. */
#ifndef CALIXO_ABI_BASE_H
#define CALIXO_ABI_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_ABI_MAGIC 0x43584c31u /* "CXL1" */
#define CALIXO_ABI_MAJOR 1 /* 1.0-rc1: a release candidate, see README.md beside this file */
#define CALIXO_ABI_MINOR 0 /* a host of this minor has all of these interfaces */

#if defined(__GNUC__)
#define CALIXO_EXPORT __attribute__((visibility("default")))
#else
#define CALIXO_EXPORT /* on the entry function, which alone is visible */
#endif

/* Bytes that somebody else owns; not NUL-terminated. {NULL, 0} is "absent" where absence differs
 * from empty. A view that the host hands out lives until the call it was handed to returns, or as
 * long as the object it came from, whichever the member says. */
typedef struct calixo_str {
  /* NULL: absent. */
  const char* data;
  size_t size; /* bytes */
} calixo_str;

/* How a call ended. A later host may answer a code that is not in this list: treat it as
 * CALIXO_INTERNAL. */
typedef int32_t calixo_status;
enum {
  CALIXO_OK = 0,
  CALIXO_CANCELLED = 1,   /* the request ended or the server drains: return soon */
  CALIXO_TIMEOUT = 2,     /* a deadline passed */
  CALIXO_UNAVAILABLE = 3, /* a dependency is away (the database); try later */
  CALIXO_NOT_FOUND = 4,
  CALIXO_INVALID = 5,  /* an argument is wrong */
  CALIXO_CONFLICT = 6, /* already there, or registered by another */
  CALIXO_LIMIT = 7,    /* a queue, body or count is at its limit */
  CALIXO_DENIED = 8,
  CALIXO_INTERNAL = 9,
  CALIXO_SQL_ERROR = 10,   /* the statement failed: see the result's SQLSTATE */
  CALIXO_WOULD_BLOCK = 11, /* a non-waiting call found no room */
  CALIXO_UNSUPPORTED = 12
};

/* The host as one plugin sees it. Every plugin gets its own, so that the host knows who asks.
 * Owned by the host; valid from load to the end of the process. */
typedef struct calixo_host calixo_host;
struct calixo_host {
  /* The interface with this id ("calixo.db/1", NUL-terminated), or NULL where this host has none:
   * answer CALIXO_UNSUPPORTED from describe if the plugin can't do without, and the host names the
   * id to the operator. The returned struct is owned by the host, never changes and lives to the
   * end of the process. [any-thread] */
  const void* (*get_interface)(const calixo_host* host, const char* id);
  void* host_data; /* the host's own; a plugin neither reads nor changes it */
};

/* One request and the answer to it. Owned by the host; valid until the handler returns. */
typedef struct calixo_exchange calixo_exchange;

#ifdef __cplusplus
}
#endif
#endif
