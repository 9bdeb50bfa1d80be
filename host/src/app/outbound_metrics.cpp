#include "app/outbound_metrics.hpp"

#include "http/client/outbound_client.hpp"

namespace calixo::host {

std::vector<MetricFamilyData> outbound_metrics(const OutboundClient& client) {
  const OutboundClient::Stats stats = client.stats();
  MetricSample busy;
  busy.value = static_cast<double>(stats.in_flight);
  MetricFamilyData requests{"calixo_outbound_requests_total",
                            "Requests to other servers, by server and what came of it.",
                            MetricType::counter,
                            {}};
  for (const auto& [of, total] : stats.requests) {
    MetricSample sample;
    sample.labels = {{"server", of.first}, {"result", of.second}};
    sample.value = static_cast<double>(total);
    requests.samples.push_back(std::move(sample));
  }
  return {{"calixo_outbound_in_flight",
           "Requests to other servers under way.",
           MetricType::gauge,
           {busy}},
          std::move(requests)};
}

}  // namespace calixo::host
