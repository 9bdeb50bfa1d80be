#include "log/metrics.hpp"

#include <prometheus/collectable.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <set>
#include <sstream>

#include "log/process_metrics.hpp"

namespace calixo::host {
namespace {

prometheus::MetricType to_prometheus(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return prometheus::MetricType::Counter;
    case MetricType::gauge:
      return prometheus::MetricType::Gauge;
    case MetricType::histogram:
      break;
  }
  return prometheus::MetricType::Histogram;
}

// Letters, digits and underscores, as names must be; a metric's may have colons.
std::string valid_name(const std::string& name, bool may_have_colons) {
  std::string valid;
  for (const char c : name) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit ||
                         (may_have_colons && c == ':');
    if (valid.empty() && is_digit) valid += '_';
    valid += is_kept ? c : '_';
  }
  return valid.empty() ? "_" : valid;
}

// prometheus-cpp 1.0.1 writes HELP as it stands; the format wants these two escaped.
std::string escaped_help(const std::string& help) {
  std::string escaped;
  for (const char c : help) {
    if (c == '\\') {
      escaped += "\\\\";
    } else if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

prometheus::ClientMetric::Histogram to_histogram(const MetricSample& sample) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.sample_sum = sample.sum;
  for (std::size_t i = 0; i < sample.counts.size(); ++i) {
    histogram.sample_count += sample.counts[i];
    if (i < sample.bounds.size()) {
      histogram.bucket.push_back({histogram.sample_count, sample.bounds[i]});
    }
  }
  return histogram;  // the serializer adds +Inf
}

prometheus::ClientMetric to_metric(const MetricSample& sample, MetricType type) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : sample.labels) {
    metric.label.push_back({valid_name(name, false), value});
  }
  metric.counter.value = sample.value;
  metric.gauge.value = sample.value;
  if (type == MetricType::histogram) metric.histogram = to_histogram(sample);
  return metric;
}

// Brings the sources' families together: one name stands once, with one type, and so does a series.
class Gathered {
 public:
  void add(const MetricFamilyData& data) {
    const std::string name = valid_name(data.name, true);
    auto found = std::find_if(families_.begin(), families_.end(),
                              [&](const auto& family) { return family.name == name; });
    if (found == families_.end()) {
      families_.push_back({name, escaped_help(data.help), to_prometheus(data.type), {}});
      found = std::prev(families_.end());
    }
    if (found->type != to_prometheus(data.type)) return;  // the first one's type holds
    for (const MetricSample& sample : data.samples) {
      prometheus::ClientMetric metric = to_metric(sample, data.type);
      if (is_new(name, metric.label)) found->metric.push_back(std::move(metric));
    }
  }

  std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

 private:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  bool is_new(const std::string& name, Labels labels) {
    std::sort(labels.begin(), labels.end());
    return seen_.emplace(name, std::move(labels)).second;
  }

  std::vector<prometheus::MetricFamily> families_;
  std::set<std::pair<std::string, Labels>> seen_;
};

}  // namespace

struct Metrics::Impl : prometheus::Collectable {
  std::vector<prometheus::MetricFamily> Collect() const override {
    Gathered gathered;
    for (const Source& source : sources) {
      try {
        for (const MetricFamilyData& family : source()) gathered.add(family);
      } catch (const std::exception&) {
        ++failures;  // one room's fault hides no other room's numbers
      }
    }
    MetricSample sample;
    sample.value = static_cast<double>(failures.load());
    gathered.add({"calixo_metric_source_failures_total",
                  "Sources that failed when they were asked.",
                  MetricType::counter,
                  {std::move(sample)}});
    return gathered.take();
  }

  std::vector<Source> sources;
  mutable std::atomic<std::uint64_t> failures{0};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) { add(&process_metrics); }
Metrics::~Metrics() = default;

void Metrics::add(Source source) { impl_->sources.push_back(std::move(source)); }

std::string Metrics::expose() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, impl_->Collect());
  return out.str();
}

}  // namespace calixo::host
