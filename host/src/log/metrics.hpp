// The process's metrics in Prometheus' text format. Rooms keep plain counters of their own and
// hand them over as samples at scrape time, so that the hot path touches no lock.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::host {

enum class MetricType { counter, gauge, histogram };

struct MetricSample {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;                   // counter, gauge
  std::vector<double> bounds;         // histogram: upper bounds
  std::vector<std::uint64_t> counts;  // histogram: not cumulative; one more than bounds
  double sum = 0;                     // histogram
};

struct MetricFamilyData {
  std::string name;  // "calixo_http_requests_total"
  std::string help;
  MetricType type = MetricType::counter;
  std::vector<MetricSample> samples;
};

class Metrics {
 public:
  using Source = std::function<std::vector<MetricFamilyData>()>;  // [any-thread]
  Metrics();  // with the process's own: resident memory, CPU seconds, descriptors, start time
  ~Metrics();
  void add(Source source);     // [startup]
  std::string expose() const;  // the text exposition format 0.0.4. [any-thread]

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
