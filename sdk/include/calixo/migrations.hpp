// The SQL files that calixo_add_plugin(… MIGRATIONS folder) embedded into the library.
// [startup]
#pragma once

#include <calixo/abi/registry.h>

#include <cstddef>

// Made by the build; absent where MIGRATIONS was not given.
extern "C" __attribute__((weak)) const calixo_migration* calixo_embedded_migrations(size_t* count);

namespace calixo::detail {

// Null where the library embeds none.
inline const calixo_migration* embedded_migrations(std::size_t& count) {
  count = 0;
  return calixo_embedded_migrations == nullptr ? nullptr : calixo_embedded_migrations(&count);
}

}  // namespace calixo::detail
