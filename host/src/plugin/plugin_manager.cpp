#include "plugin/plugin_manager.hpp"

#include <algorithm>

#include "config/configuration.hpp"
#include "http/problems.hpp"
#include "log/log.hpp"
#include "plugin/dependency_order.hpp"
#include "plugin/plugin_steps.hpp"
#include "plugin/work_kinds.hpp"
#include "runtime/deadline.hpp"

namespace calixo::host {
namespace {

bool is_healthy(const PluginInstance& plugin) { return plugin.state != PluginState::failed; }

std::string join(const std::vector<std::string>& parts, const char* separator) {
  std::string all;
  for (const std::string& part : parts) {
    if (!all.empty()) all += separator;
    all += part;
  }
  return all;
}

// Empty on success, else the first conflict.
std::string add_to(Router& router, const Registrations& registrations) {
  for (const RegisteredRoute& route : registrations.routes) {
    if (std::string conflict = router.add(route.route); !conflict.empty()) return conflict;
  }
  return {};
}

}  // namespace

void PluginManager::fail(PluginInstance& plugin, const std::string& reason) {
  plugin.state = PluginState::failed;
  plugin.failure = reason;
  services_.remove_of(plugin.name);
  extensions_.remove_of(plugin.name);
  std::erase_if(tables_, [&](const auto& table) { return table.second == plugin.name; });
  log::error("plugin failed", {{"id", plugin.name}, {"reason", reason}});
}

void PluginManager::refuse(const std::string& name, const std::string& reason) {
  PluginInstance* plugin = healthy(name);
  if (plugin == nullptr) return;
  fail(*plugin, reason);
  fail_missing_dependencies();
}

PluginInstance* PluginManager::healthy(const std::string& name) const {
  for (const auto& plugin : plugins_) {
    if (plugin->name == name && is_healthy(*plugin)) return plugin.get();
  }
  return nullptr;
}

PluginInstance* PluginManager::offering(const std::string& service) const {
  for (const auto& plugin : plugins_) {
    if (!is_healthy(*plugin)) continue;
    for (const OfferedService& offered : plugin->registrations.offers) {
      if (offered.id == service) return plugin.get();
    }
  }
  return nullptr;
}

PluginInstance* PluginManager::defining(const std::string& point) const {
  for (const auto& plugin : plugins_) {
    if (!is_healthy(*plugin)) continue;
    const auto& points = plugin->registrations.points;
    if (std::find(points.begin(), points.end(), point) != points.end()) return plugin.get();
  }
  return nullptr;
}

std::vector<std::string> PluginManager::needs_of(const PluginInstance& plugin) const {
  std::vector<std::string> needs = plugin.registrations.depends;
  for (const NeededService& need : plugin.registrations.needs) {
    if (!need.required) continue;  // optional ones are looked up lazily and bind no order
    if (const PluginInstance* owner = offering(need.id)) needs.push_back(owner->name);
  }
  for (const RegisteredExtension& extension : plugin.registrations.extensions) {
    const PluginInstance* owner = defining(extension.point);
    if (owner != nullptr && owner != &plugin) needs.push_back(owner->name);
  }
  return needs;
}

// Until nothing changes: a plugin that lost its dependency may be another's dependency.
void PluginManager::fail_missing_dependencies() {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& plugin : plugins_) {
      if (!is_healthy(*plugin)) continue;
      std::string missing;
      for (const std::string& needed : plugin->registrations.depends) {
        if (healthy(needed) == nullptr) missing = "it depends on plugin " + needed;
      }
      for (const NeededService& need : plugin->registrations.needs) {
        if (need.required && offering(need.id) == nullptr) {
          missing = "it needs service " + need.id + ", which no enabled plugin offers";
        }
      }
      for (const RegisteredExtension& extension : plugin->registrations.extensions) {
        if (defining(extension.point) == nullptr) {
          missing = "it extends " + extension.point + ", which no enabled plugin defines";
        }
      }
      if (missing.empty()) continue;
      fail(*plugin,
           missing + "; add what is missing to plugins.enabled, or take " + plugin->name + " out");
      changed = true;
    }
  }
}

void PluginManager::order() {
  for (;;) {
    std::vector<DependencyNode> nodes;
    for (const auto& plugin : plugins_) {
      if (is_healthy(*plugin)) nodes.push_back({plugin->name, needs_of(*plugin)});
    }
    const DependencyOrder found = order_by_dependencies(nodes);
    if (found.cycle.empty()) {
      const auto rank = [&](const std::unique_ptr<PluginInstance>& plugin) {
        return std::find(found.names.begin(), found.names.end(), plugin->name);
      };
      std::stable_sort(plugins_.begin(), plugins_.end(),
                       [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
      return;
    }
    const std::string cycle = join(found.cycle, " -> ");
    for (const std::string& name : found.cycle) {
      if (PluginInstance* plugin = healthy(name)) {
        fail(*plugin, "the plugins depend on each other in a circle: " + cycle +
                          "; take one of them out of plugins.enabled");
      }
    }
    fail_missing_dependencies();
  }
}

// Empty on success, else the first conflict with another plugin.
std::string PluginManager::enter_directories(const PluginInstance& plugin,
                                             Configuration& configuration) {
  const Registrations& all = plugin.registrations;
  std::string reason;
  for (const Key& key : all.keys) {
    if (reason.empty()) reason = configuration.add_key(key);
  }
  for (const OfferedService& offered : all.offers) {
    if (reason.empty()) reason = services_.add(offered.id, offered.table, plugin.name);
  }
  for (const std::string& table : plugin.tables) {
    if (!reason.empty()) break;
    const std::string& owner = tables_.try_emplace(table, plugin.name).first->second;
    if (owner == plugin.name) continue;
    reason = "table " + table + " is made by the migrations of " + owner + " and of " +
             plugin.name + "; disable one of them";
  }
  for (const std::string& point : all.points) {
    if (reason.empty()) reason = extensions_.define(point, plugin.name);
  }
  for (const RegisteredExtension& one : all.extensions) {
    if (!reason.empty()) break;
    reason = extensions_.extend(one.point, {plugin.name, one.name, one.details_json, one.table});
  }
  if (reason.empty()) reason = topic_conflict(plugins_, plugin);
  return reason;
}

void PluginManager::resolve(Configuration& configuration) {
  fail_missing_dependencies();
  order();
  for (const auto& plugin : plugins_) {
    if (!is_healthy(*plugin)) continue;
    const std::string reason = enter_directories(*plugin, configuration);
    if (!reason.empty()) {
      fail(*plugin, reason);
      continue;
    }
    for (const RegisteredMessage& message : plugin->registrations.messages) {
      ProblemCatalogue::instance().add(message.code, message.language, message.text);
    }
  }
  fail_missing_dependencies();
  context_.services = &services_;
  context_.extensions = &extensions_;
}

void PluginManager::set_required(const Configuration& configuration) {
  for (const auto& plugin : plugins_) {
    const std::string value = configuration.raw("plugins." + plugin->name + ".required");
    plugin->required = value != "false";
  }
}

std::vector<std::string> PluginManager::fatal_failures() const {
  std::vector<std::string> reasons;
  for (const auto& plugin : plugins_) {
    if (plugin->required && !is_healthy(*plugin)) {
      reasons.push_back("plugin " + plugin->name + ": " + plugin->failure);
    }
  }
  return reasons;
}

void PluginManager::configure() {
  for (const auto& plugin : plugins_) {
    if (!is_healthy(*plugin)) continue;
    const std::string reason = run_step(*plugin, "configure", plugin->entry->configure);
    if (!reason.empty()) {
      fail(*plugin, "configure: " + reason);
    } else {
      plugin->state = PluginState::configured;
    }
  }
  fail_missing_dependencies();
}

void PluginManager::check_routes(const std::vector<Route>& own) {
  for (bool is_clear = false; !is_clear;) {
    Router trial;
    for (const Route& route : own) trial.add(route);
    is_clear = true;
    for (const auto& plugin : plugins_) {
      if (!is_healthy(*plugin)) continue;
      const std::string conflict = add_to(trial, plugin->registrations);
      if (conflict.empty()) continue;
      fail(*plugin, conflict);
      fail_missing_dependencies();
      is_clear = false;  // without this plugin others may be free of conflicts
      break;
    }
  }
}

void PluginManager::add_routes(Router& router) {
  for (const auto& plugin : plugins_) {
    if (!is_healthy(*plugin)) continue;
    for (RegisteredRoute& route : plugin->registrations.routes) {
      handlers_.push_back(std::make_unique<PluginRouteHandler>(route, context_));
      route.route.handler = handlers_.back().get();
    }
    add_to(router, plugin->registrations);
  }
}

void PluginManager::start() {
  for (const auto& plugin : plugins_) {
    if (!is_healthy(*plugin)) continue;
    const MonotonicClock::time_point began = MonotonicClock::now();
    const std::string reason = run_step(*plugin, "start", plugin->entry->start);
    if (!reason.empty()) {
      run_last_step(*plugin, "stop", plugin->entry->stop);
      fail(*plugin, "start: " + reason);
      fail_missing_dependencies();
      continue;
    }
    plugin->state = PluginState::started;
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(MonotonicClock::now() - began);
    log::info("plugin started", {{"id", plugin->name},
                                 {"version", plugin->version},
                                 {"took_ms", static_cast<long long>(took.count())}});
  }
}

void PluginManager::drain() {
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) {
    if ((*plugin)->state != PluginState::started) continue;
    run_last_step(**plugin, "drain", (*plugin)->entry->drain);
  }
}

void PluginManager::stop() {
  for (auto plugin = plugins_.rbegin(); plugin != plugins_.rend(); ++plugin) {
    if ((*plugin)->state != PluginState::started) continue;
    run_last_step(**plugin, "stop", (*plugin)->entry->stop);
    (*plugin)->state = PluginState::stopped;
  }
}

TokenVerifier* PluginManager::token_verifier() {
  const ServiceDirectory::Entry* entry = services_.find(CALIXO_TOKEN_VERIFIER_ID);
  if (entry == nullptr) return nullptr;
  verifier_ = std::make_unique<PluginTokenVerifier>(
      static_cast<const calixo_token_verifier_v1*>(entry->table), entry->owner);
  return verifier_.get();
}

}  // namespace calixo::host
