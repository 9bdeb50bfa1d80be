// Password hashing off the loop. [fiber, suspends]
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::auth {

// Runs work, which hashes, on a worker thread. It is the server's most expensive work: beyond what
// the threads hold in their queue, people are asked to come back rather than kept waiting. Problem
// 503 over_capacity.
template <class Work>
auto hashing(Context& context, Work work) {
  try {
    return context.run_blocking(work);
  } catch (const HostFailure& failure) {
    if (failure.status() != CALIXO_LIMIT) throw;
    throw Problem(503, "over_capacity").retry_after_s(1);
  }
}

}  // namespace calixo::auth
