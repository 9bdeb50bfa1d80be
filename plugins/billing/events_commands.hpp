// calixo billing events list|show|replay: the operator's side of the inbox.
#pragma once

#include <calixo/plugin.hpp>

#include "inbox_service.hpp"

namespace calixo::billing {

void register_events_commands(Plugin& plugin, const InboxService& inbox);

}  // namespace calixo::billing
