// What the dispatcher counts, as Prometheus' families.
#pragma once

#include <vector>

#include "log/metrics.hpp"

namespace calixo::host {

class Dispatcher;

std::vector<MetricFamilyData> work_metrics(const Dispatcher& dispatcher);  // [any-thread]

}  // namespace calixo::host
