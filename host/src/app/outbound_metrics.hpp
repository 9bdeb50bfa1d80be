// What the client of other servers counts, as Prometheus' families.
#pragma once

#include <vector>

#include "log/metrics.hpp"

namespace calixo::host {

class OutboundClient;

std::vector<MetricFamilyData> outbound_metrics(const OutboundClient& client);  // [any-thread]

}  // namespace calixo::host
