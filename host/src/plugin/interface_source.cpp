// Which tables the plugins loaded from now on are given: the host's, or those of one that watches.
#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

InterfaceSource present_source = &host_interface;

}  // namespace

void set_interface_source(InterfaceSource source) { present_source = source; }
InterfaceSource interface_source() { return present_source; }

}  // namespace calixo::host
