// A plugin built by calixo_add_plugin, for the test that opens it.
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("org.example.embedding", "0.0.1", plugin) { plugin.migrations(); }
