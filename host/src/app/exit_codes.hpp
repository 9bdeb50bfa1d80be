// How worker and supervisor end, after sysexits.
#pragma once

namespace calixo::host {

constexpr int kExitConfiguration = 78;  // the operator must mend something; no restart helps
constexpr int kExitStuck = 70;          // a loop never came back
constexpr int kExitUnavailable = 69;    // a dependency is away

}  // namespace calixo::host
