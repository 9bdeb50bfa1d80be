#include "app/worker_told.hpp"

#include <unistd.h>

#include <algorithm>

#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kLineBytesMax = 4000;  // below PIPE_BUF, so that lines don't mix
constexpr std::size_t kLinesMax = 1000;      // of notices and of refusals
constexpr std::size_t kRoutesMax = 4000;

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t end = line.find('\t');
    fields.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

void push(std::vector<std::string>& lines, const std::string& line) {
  if (lines.size() < kLinesMax) lines.push_back(line);
}

}  // namespace

void WorkerReport::write(std::string_view kind, const std::vector<std::string>& fields) const {
  if (descriptor_ < 0) return;
  std::string line(kind);
  for (const std::string& field : fields) {
    line += '\t';
    for (const char c : field) line += c == '\n' || c == '\t' ? ' ' : c;
  }
  line.resize(std::min(line.size(), kLineBytesMax));
  line += '\n';
  if (::write(descriptor_, line.data(), line.size()) < 0) log::warn("supervisor is away", {});
}

void WorkerReport::plugin(const std::string& enabled_as, const std::string& id,
                          bool is_required) const {
  write("plugin", {enabled_as, id, is_required ? "1" : "0"});
}

void WorkerReport::route(const std::string& id, const std::string& method,
                         const std::string& path) const {
  write("route", {id, method + " " + path});
}

void WorkerTold::take(std::string& text) {
  for (std::size_t end; (end = text.find('\n')) != std::string::npos;) {
    take_line(std::string_view(text).substr(0, end));
    text.erase(0, end + 1);
  }
}

void WorkerTold::take_line(std::string_view line) {
  const std::vector<std::string> fields = fields_of(line);
  const std::string& kind = fields[0];
  if (kind == "ready") is_ready_ = true;
  if (fields.size() == 2) {
    if (kind == "notice") push(notices_, fields[1]);
    if (kind == "refused") push(refusals_, fields[1]);
    if (kind == "culprit") culprit_ = fields[1];
  } else if (fields.size() == 3) {
    if (kind == "crash" && !crash_) crash_ = Fault{fields[1], fields[2]};
    if (kind == "held" && !held_) held_ = Fault{fields[1], fields[2]};
    if (kind == "route" && ++route_count_ <= kRoutesMax) {
      for (Plugin& plugin : plugins_) {
        if (plugin.id == fields[1]) plugin.routes.push_back(fields[2]);
      }
    }
  } else if (kind == "plugin" && fields.size() == 4) {
    take_plugin(fields);
  }
}

void WorkerTold::take_plugin(const std::vector<std::string>& fields) {
  const auto place = std::find_if(plugins_.begin(), plugins_.end(), [&](const Plugin& plugin) {
    return plugin.enabled_as == fields[1];
  });
  Plugin& plugin = place != plugins_.end() ? *place : plugins_.emplace_back();
  plugin.enabled_as = fields[1];
  plugin.id = fields[2];
  plugin.is_required = fields[3] != "0";
}

const WorkerTold::Plugin* WorkerTold::find(std::string_view name) const {
  for (const Plugin& plugin : plugins_) {
    if (plugin.enabled_as == name || plugin.id == name) return &plugin;
  }
  return nullptr;
}

const WorkerTold::Plugin* WorkerTold::blamed(const Fault& fault) const {
  if (const Plugin* plugin = find(culprit_)) return plugin;
  return find(std::string_view(fault.label).substr(0, fault.label.find(' ')));
}

}  // namespace calixo::host
