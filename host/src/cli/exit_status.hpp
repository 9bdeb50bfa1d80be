// What commands exit with.
#pragma once

namespace calixo::host {

enum ExitStatus : int { kExitOk = 0, kExitProblem = 1, kExitUsage = 2, kExitInternal = 70 };

}  // namespace calixo::host
