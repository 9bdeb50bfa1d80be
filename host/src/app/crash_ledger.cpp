#include "app/crash_ledger.hpp"

#include <algorithm>

namespace calixo::host {

CrashLedger::Entry CrashLedger::add(const WorkerTold::Plugin& plugin, TimePoint now) {
  Crashes& crashes = crashes_[plugin.id];
  ++crashes.total;
  crashes.recent.push_back(now);
  while (now - crashes.recent.front() >= kWindow) crashes.recent.pop_front();
  Entry entry;
  entry.within_window = static_cast<int>(crashes.recent.size());
  const bool may_go = !plugin.is_required && !indispensable_.contains(plugin.id);
  if (may_go && entry.within_window >= kCrashesMax) {
    left_out_[plugin.id] = plugin;
    entry.is_left_out = true;
  }
  return entry;
}

void CrashLedger::let_in_for_good() {
  for (const auto& [id, plugin] : left_out_) indispensable_.insert(id);
  left_out_.clear();
}

void CrashLedger::forget() {
  left_out_.clear();
  indispensable_.clear();
  for (auto& [id, crashes] : crashes_) crashes.recent.clear();
}

PluginHistory CrashLedger::history(TimePoint now) const {
  PluginHistory history;
  for (const auto& [id, plugin] : left_out_) history.left_out.push_back(plugin);
  for (const auto& [id, crashes] : crashes_) {
    const auto is_recent = [&](TimePoint at) { return now - at < kWindow; };
    const auto recent = std::count_if(crashes.recent.begin(), crashes.recent.end(), is_recent);
    history.crashes.push_back({id, static_cast<int>(recent), crashes.total});
  }
  return history;
}

}  // namespace calixo::host
