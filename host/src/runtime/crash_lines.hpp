// The lines of a crash report; see crash_report.hpp. Async-signal-safe throughout.
#pragma once

#include <string_view>

namespace calixo::host::crash_report {

void set_supervisor_descriptor(int descriptor);
void add_code_range(std::string_view plugin, const void* begin, const void* end);

// "calixo: <what> in <label>" to standard error, "<kind>\t<what>\t<label>" to the supervisor.
void write_report(std::string_view kind, std::string_view what, std::string_view label);
// Looks for the innermost plugin on the calling stack, through a signal's frame as well, and names
// it. May fault itself where the stack is damaged: after write_report.
void write_culprit();

}  // namespace calixo::host::crash_report
