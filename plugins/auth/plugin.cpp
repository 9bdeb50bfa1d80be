#include <calixo/plugin.hpp>

CALIXO_PLUGIN("auth", "1.0.0", plugin) { plugin.migrations(); }
