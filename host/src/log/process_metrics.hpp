// What the kernel says of this process, from /proc/self, under the names that dashboards know.
#pragma once

#include <vector>

#include "log/metrics.hpp"

namespace calixo::host {

std::vector<MetricFamilyData> process_metrics();  // [any-thread]

}  // namespace calixo::host
