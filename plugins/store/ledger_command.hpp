// calixo doctor ledger: whether the money adds up, proven over all rows.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::store {

void register_ledger_command(Plugin& plugin);

}  // namespace calixo::store
