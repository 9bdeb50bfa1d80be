/* A plugin linked without the SDK's version script: a second symbol is seen by all. */
#include <calixo/abi/plugin.h>

static calixo_status describe(const calixo_host* host, char* error, size_t error_size) {
  (void)host;
  (void)error;
  (void)error_size;
  return CALIXO_OK;
}

static const calixo_plugin kPlugin = {CALIXO_ABI_MAGIC,
                                      CALIXO_ABI_MAJOR,
                                      CALIXO_ABI_MINOR,
                                      sizeof(calixo_plugin),
                                      "exporting",
                                      "1.0.0",
                                      &describe,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL,
                                      NULL};

CALIXO_EXPORT const calixo_plugin* calixo_plugin_entry(void);
const calixo_plugin* calixo_plugin_entry(void) { return &kPlugin; }

CALIXO_EXPORT int exporting_helper(void);
int exporting_helper(void) { return 1; }
