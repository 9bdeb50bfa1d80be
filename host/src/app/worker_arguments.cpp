#include "app/worker_arguments.hpp"

#include <algorithm>
#include <charconv>

namespace calixo::host {
namespace {

constexpr std::size_t kRouteBytesMax = 64 * 1024;  // the system bounds a program's arguments

std::pair<std::string, std::string> split(const std::string& option, const std::string& value) {
  const std::size_t equals = value.find('=');
  if (equals == std::string::npos)
    throw UsageError("--" + option + " " + value + ": '=' is missing");
  return {value.substr(0, equals), value.substr(equals + 1)};
}

int number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<std::string> worker_arguments(const Sources& sources, const PluginHistory& history) {
  std::vector<std::string> words{"worker"};
  if (!sources.config_file.empty()) words.push_back("--config=" + sources.config_file.string());
  for (const auto& [name, value] : sources.settings) {
    words.push_back("--set=" + name + "=" + value);
  }
  std::size_t route_bytes = 0;
  for (const LeftOut& plugin : history.left_out) {
    words.push_back("--left-out=" + plugin.id + "=" + plugin.enabled_as);
    for (const std::string& route : plugin.routes) {
      route_bytes += route.size();
      if (route_bytes <= kRouteBytesMax) {
        words.push_back("--left-out-route=" + plugin.id + "=" + route);
      }
    }
  }
  for (const PluginHistory::Crashes& one : history.crashes) {
    words.push_back("--crashes=" + one.id + "=" + std::to_string(one.within_a_minute) + "=" +
                    std::to_string(one.total));
  }
  return words;
}

std::vector<OptionSpec> history_options() {
  return {{"left-out", "ID=NAME", "a plugin to start without", true},
          {"left-out-route", "ID=METHOD PATH", "a route of such a plugin", true},
          {"crashes", "ID=RECENT=TOTAL", "how often a plugin crashed a worker", true}};
}

PluginHistory history_of(const Arguments& arguments) {
  PluginHistory history;
  for (const std::string& value : arguments.values("left-out")) {
    auto [id, name] = split("left-out", value);
    history.left_out.push_back({std::move(name), std::move(id), {}});
  }
  for (const std::string& value : arguments.values("left-out-route")) {
    const auto [id, route] = split("left-out-route", value);
    for (LeftOut& plugin : history.left_out) {
      if (plugin.id == id) plugin.routes.push_back(route);
    }
  }
  for (const std::string& value : arguments.values("crashes")) {
    const auto [id, counts] = split("crashes", value);
    const auto [recent, total] = split("crashes", counts);
    history.crashes.push_back({id, number(recent), number(total)});
  }
  return history;
}

}  // namespace calixo::host
