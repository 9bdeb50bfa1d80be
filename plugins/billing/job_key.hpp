// Keys under which a job waits once. [any-thread]
#pragma once

#include <cstddef>
#include <string_view>

namespace calixo::billing {

// None where it is longer than the host takes, as Stripe's ids may be: such a run may wait twice,
// and finds the second time that nothing is left to do.
inline std::string_view job_key(std::string_view text) {
  constexpr std::size_t kBytesMax = 200;
  return text.size() <= kBytesMax ? text : std::string_view();
}

}  // namespace calixo::billing
