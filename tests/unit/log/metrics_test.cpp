// The exposition, read by a small strict parser of the text format 0.0.4.
#include "log/metrics.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace calixo::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

MetricSample sample(double value, std::vector<std::pair<std::string, std::string>> labels = {}) {
  MetricSample made;
  made.labels = std::move(labels);
  made.value = value;
  return made;
}

std::string exposed(std::vector<MetricFamilyData> families) {
  Metrics metrics;
  metrics.add([&] { return families; });
  return metrics.expose();
}

// Throws for what a scraper would refuse: a sample outside its family, a family or series twice.
void must_be_valid(const std::string& text) {
  std::istringstream lines(text);
  std::set<std::string> typed, series;
  std::string family;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, second, name;
    words >> first >> second >> name;
    if (first == "#") {
      if (second == "TYPE" && !typed.insert(name).second) throw std::runtime_error("twice " + name);
      family = name;
      continue;
    }
    if (!first.starts_with(family)) throw std::runtime_error("stray " + line);
    if (!series.insert(line.substr(0, line.rfind(' '))).second) {
      throw std::runtime_error("series twice: " + line);
    }
    if (typed.count(family) == 0) throw std::runtime_error("untyped " + line);
  }
}

TEST(Metrics, ExposesHelpTypeAndSamples) {
  const std::string text = exposed({{"calixo_requests_total",
                                     "Answers sent.",
                                     MetricType::counter,
                                     {sample(3, {{"route", "/a"}}), sample(4, {{"route", "/b"}})}},
                                    {"calixo_open", "Open.", MetricType::gauge, {sample(0.5)}}});
  EXPECT_THAT(text, HasSubstr("# HELP calixo_requests_total Answers sent.\n"
                              "# TYPE calixo_requests_total counter\n"
                              "calixo_requests_total{route=\"/a\"} 3\n"
                              "calixo_requests_total{route=\"/b\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE calixo_open gauge\ncalixo_open 0.5\n"));
  EXPECT_NO_THROW(must_be_valid(text));
}

TEST(Metrics, MakesHistogramsCumulativeAndClosesThemWithInf) {
  MetricSample latency;
  latency.labels = {{"route", "/a"}};
  latency.bounds = {0.1, 1};
  latency.counts = {5, 2, 1};
  latency.sum = 4.5;
  const std::string text = exposed({{"t_seconds", "T.", MetricType::histogram, {latency}}});
  EXPECT_THAT(text, HasSubstr("# TYPE t_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("t_seconds_count{route=\"/a\"} 8\n"));
  EXPECT_THAT(text, HasSubstr("t_seconds_sum{route=\"/a\"} 4.5\n"));
  EXPECT_THAT(text, HasSubstr("t_seconds_bucket{route=\"/a\",le=\"0.1\"} 5\n"
                              "t_seconds_bucket{route=\"/a\",le=\"1\"} 7\n"
                              "t_seconds_bucket{route=\"/a\",le=\"+Inf\"} 8\n"));
}

TEST(Metrics, EscapesLabelValuesAndHelp) {
  const std::string text =
      exposed({{"m", "one\nm 7\\", MetricType::gauge, {sample(1, {{"path", "a\"b\\c\nm 9"}})}}});
  EXPECT_THAT(text, HasSubstr("# HELP m one\\nm 7\\\\\n"));
  EXPECT_THAT(text, HasSubstr("m{path=\"a\\\"b\\\\c\\nm 9\"} 1\n"));
  EXPECT_NO_THROW(must_be_valid(text));
}

TEST(Metrics, WritesFamiliesAndSeriesOnceThoughSourcesShareThem) {
  Metrics metrics;
  for (int i = 0; i < 2; ++i) {
    metrics.add([i]() -> std::vector<MetricFamilyData> {
      return {{"shared",
               "S.",
               MetricType::gauge,
               {sample(1, {{"a", "1"}, {"b", "2"}}), sample(2, {{"source", std::to_string(i)}})}}};
    });
  }
  const std::string text = metrics.expose();
  EXPECT_NO_THROW(must_be_valid(text));
  EXPECT_THAT(text, HasSubstr("shared{source=\"0\"} 2\nshared{source=\"1\"} 2\n"));
}

TEST(Metrics, MakesNamesValid) {
  const std::string text =
      exposed({{"9 bad-name", "B.", MetricType::gauge, {sample(1, {{"la:bel", "x"}})}}});
  EXPECT_THAT(text, HasSubstr("_9_bad_name{la_bel=\"x\"} 1\n"));
}

TEST(Metrics, SpellsInfinityAndNanAsTheFormatDoes) {
  const std::string text =
      exposed({{"m",
                "M.",
                MetricType::gauge,
                {sample(std::numeric_limits<double>::infinity(), {{"v", "1"}}),
                 sample(-std::numeric_limits<double>::infinity(), {{"v", "2"}}),
                 sample(std::numeric_limits<double>::quiet_NaN(), {{"v", "3"}})}}});
  EXPECT_THAT(text, HasSubstr("m{v=\"1\"} +Inf\nm{v=\"2\"} -Inf\nm{v=\"3\"} Nan\n"));
}

TEST(Metrics, AFailingSourceHidesNoOther) {
  Metrics metrics;
  metrics.add([]() -> std::vector<MetricFamilyData> { throw std::runtime_error("away"); });
  metrics.add([]() -> std::vector<MetricFamilyData> {
    return {{"later", "L.", MetricType::gauge, {sample(1)}}};
  });
  const std::string text = metrics.expose();
  EXPECT_THAT(text, HasSubstr("later 1\n"));
  EXPECT_THAT(text, HasSubstr("calixo_metric_source_failures_total 1\n"));
}

TEST(Metrics, KnowsTheProcess) {
  const std::string text = Metrics().expose();
  EXPECT_NO_THROW(must_be_valid(text));
  std::istringstream lines(text);
  std::map<std::string, double> values;
  for (std::string line; std::getline(lines, line);) {
    if (line[0] != '#')
      values[line.substr(0, line.find(' '))] = std::stod(line.substr(line.rfind(' ')));
  }
  EXPECT_GT(values["process_resident_memory_bytes"], 1024 * 1024);
  EXPECT_GT(values["process_virtual_memory_bytes"], values["process_resident_memory_bytes"]);
  EXPECT_GE(values["process_open_fds"], 3);
  EXPECT_GE(values["process_max_fds"], values["process_open_fds"]);
  EXPECT_GE(values["process_threads"], 1);
  EXPECT_GE(values["process_cpu_seconds_total"], 0);
  EXPECT_GT(values["process_start_time_seconds"], 1.7e9);
}

}  // namespace
}  // namespace calixo::host
