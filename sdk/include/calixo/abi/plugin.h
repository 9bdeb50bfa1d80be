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

#define CALIXO_ENTRY_SYMBOL "calixo_plugin_entry"

/* Owned by the plugin, constant, alive as long as the library is mapped. */
typedef struct calixo_plugin {
  uint32_t magic; /* CALIXO_ABI_MAGIC */
  uint16_t abi_major;
  uint16_t abi_minor;   /* the least minor the plugin needs */
  uint32_t struct_size; /* sizeof(calixo_plugin) the plugin was built with */
  const char* id;       /* reverse-DNS, or a short word for the built-in ones */
  const char* version;  /* semantic version */

  /* All may be NULL but describe. `error` receives a reason of at most error_size bytes,
   * NUL-terminated, where the answer is not CALIXO_OK. [startup] */
  calixo_status (*describe)(const calixo_host* host, char* error, size_t error_size);
  calixo_status (*configure)(const calixo_host* host, char* error, size_t error_size);
  calixo_status (*start)(const calixo_host* host, char* error, size_t error_size); /* may suspend */
  void (*drain)(const calixo_host* host);                                          /* may suspend */
  void (*stop)(const calixo_host* host);

  /* Interfaces the plugin offers to the host by id, or NULL. [any-thread] */
  const void* (*get_interface)(const char* id);
} calixo_plugin;

typedef const calixo_plugin* (*calixo_entry_fn)(void);

#ifdef __cplusplus
}
#endif
#endif
