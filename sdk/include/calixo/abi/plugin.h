/* "calixo.plugin": what a plugin library exports, and the life it then leads.
 *
 * The library exports one symbol, CALIXO_ENTRY_SYMBOL, of type calixo_entry_fn.
 *
 *   load       the library is opened, the entry checked: magic, ABI major and minor, struct_size
 *   describe   the plugin registers routes, keys, migrations, services, commands; no I/O
 *   configure  configuration has been read and validated; the plugin may refuse it
 *   migrate    the host applies the plugin's migrations
 *   start      the plugin may use the database and look up services
 *   drain      no new requests come; running ones end
 *   stop       last call; the library stays mapped
 *
 * A step that does not return CALIXO_OK undoes the steps before it: drain and stop are called for
 * plugins that had started. */
#ifndef CALIXO_ABI_PLUGIN_H
#define CALIXO_ABI_PLUGIN_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_ENTRY_SYMBOL "calixo_plugin_entry" /* what the library exports */

/* Owned by the plugin, constant, alive as long as the library is mapped: to the end of the
 * process. */
typedef struct calixo_plugin {
  uint32_t magic;       /* CALIXO_ABI_MAGIC */
  uint16_t abi_major;   /* CALIXO_ABI_MAJOR; has to be the host's */
  uint16_t abi_minor;   /* the least minor the plugin needs */
  uint32_t struct_size; /* sizeof(calixo_plugin) the plugin was built with */
  const char* id;       /* reverse-DNS, or a short word: a-z, 0-9, '_', '-', '.'; 1 to 100 bytes */
  const char* version;  /* semantic version; 1 to 100 bytes without control bytes */

  /* The steps. All but describe may be NULL. `error` is the host's, for the call only: it receives
   * a reason of at most error_size bytes, NUL-terminated, where the answer is not CALIXO_OK. */

  /* [startup] */
  calixo_status (*describe)(const calixo_host* host, char* error, size_t error_size);
  /* [startup] */
  calixo_status (*configure)(const calixo_host* host, char* error, size_t error_size);
  /* [startup] */
  calixo_status (*start)(const calixo_host* host, char* error, size_t error_size);
  /* Handlers still run. [startup] */
  void (*drain)(const calixo_host* host);
  /* No handler runs any more. [startup] */
  void (*stop)(const calixo_host* host);

  /* Interfaces the plugin offers to the host by id, each constant and alive as long as the library;
   * NULL for an id it does not know. May be NULL itself. [any-thread] */
  const void* (*get_interface)(const char* id);
} calixo_plugin;

/* The exported function. Always the same table; does nothing else. [startup] */
typedef const calixo_plugin* (*calixo_entry_fn)(void);

#ifdef __cplusplus
}
#endif
#endif
