// What a caller's person may not write is written as the plugin itself, in the same transaction.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::challenges {

// Good as long as tx. [fiber]
inline Database as_service(const Plugin& plugin, const Transaction& tx) {
  return Database(detail::DbTarget{&plugin.host(), nullptr, tx.handle(), CALIXO_DB_AS_SERVICE});
}

}  // namespace calixo::challenges
