#include "app/work_metrics.hpp"

#include "events/dispatcher.hpp"

namespace calixo::host {
namespace {

// One family over all subscriptions and jobs.
template <class Value>
MetricFamilyData family(const std::vector<Dispatcher::KindStats>& kinds, const char* name,
                        const char* help, MetricType type, Value value_of) {
  MetricFamilyData made{name, help, type, {}};
  for (const Dispatcher::KindStats& kind : kinds) {
    MetricSample sample;
    sample.labels = {{"kind", kind.is_job ? "job" : "subscription"}, {"name", kind.name}};
    sample.value = static_cast<double>(value_of(kind));
    made.samples.push_back(std::move(sample));
  }
  return made;
}

}  // namespace

std::vector<MetricFamilyData> work_metrics(const Dispatcher& dispatcher) {
  const auto kinds = dispatcher.stats();
  using Kind = Dispatcher::KindStats;
  return {family(kinds, "calixo_work_pending",
                 "Deliveries and runs that are due or wait for another attempt, of all nodes.",
                 MetricType::gauge, [](const Kind& kind) { return kind.backlog.pending; }),
          family(kinds, "calixo_work_dead", "Dead letters, of all nodes.", MetricType::gauge,
                 [](const Kind& kind) { return kind.backlog.dead; }),
          family(kinds, "calixo_work_lag_seconds", "Age of the oldest that is pending.",
                 MetricType::gauge, [](const Kind& kind) { return kind.backlog.lag_s; }),
          family(kinds, "calixo_work_in_flight", "Attempts that run in this process.",
                 MetricType::gauge, [](const Kind& kind) { return kind.counts.in_flight; }),
          family(kinds, "calixo_work_delivered_total", "Deliveries and runs that were done here.",
                 MetricType::counter, [](const Kind& kind) { return kind.counts.done; }),
          family(kinds, "calixo_work_failed_total", "Attempts that failed here and are repeated.",
                 MetricType::counter, [](const Kind& kind) { return kind.counts.failed; }),
          family(kinds, "calixo_work_given_up_total", "Dead letters that were made here.",
                 MetricType::counter, [](const Kind& kind) { return kind.counts.dead; })};
}

}  // namespace calixo::host
