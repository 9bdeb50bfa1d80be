/* "calixo.config/1": reads the keys that the plugin, or the host, registered.
 * All answer CALIXO_NOT_FOUND for a key nobody registered, CALIXO_INVALID for another type,
 * CALIXO_DENIED for another's secret. From configure on; a runtime key may change between calls. */
#ifndef CALIXO_ABI_CONFIG_H
#define CALIXO_ABI_CONFIG_H

#include <calixo/abi/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALIXO_CONFIG_ID "calixo.config/1" /* for get_interface */

/* Typed reading; each value as it is at the call. */
typedef struct calixo_config_v1 {
  /* 0 or 1. [any-thread] */
  calixo_status (*get_bool)(const calixo_host* host, calixo_str key, int32_t* value);
  /* [any-thread] */
  calixo_status (*get_int)(const calixo_host* host, calixo_str key, int64_t* value);
  /* [any-thread] */
  calixo_status (*get_real)(const calixo_host* host, calixo_str key, double* value);
  /* Copies at most capacity bytes, without a NUL; *size is the whole size, which may be more.
   * buffer may be NULL where capacity is 0. [any-thread] */
  calixo_status (*get_text)(const calixo_host* host, calixo_str key, char* buffer, size_t capacity,
                            size_t* size);
} calixo_config_v1;

#ifdef __cplusplus
}
#endif
#endif
