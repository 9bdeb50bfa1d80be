// What this plugin's stable codes say to people, and the problem that has a text of its own.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::auth {

// 400 validation_failed, in the caller's language.
Problem validation_problem(const Context& context, Text text);

// [startup]
void register_messages(Plugin& plugin);

}  // namespace calixo::auth
