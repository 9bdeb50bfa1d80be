// Calls into a plugin's code. By the contract no exception leaves it; one that does ends here, and
// a crash in it is told under the label. [any-thread]
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "log/log.hpp"
#include "runtime/crash_report.hpp"

namespace calixo::host {

// Empty, or what an exception said that left the call.
template <class Call>
std::string exception_of(Call&& call) {
  try {
    std::forward<Call>(call)();
    return {};
  } catch (const std::exception& error) {
    return "an exception left the plugin: " + std::string(error.what());
  } catch (...) {
    return "an exception of no standard type left the plugin";
  }
}

// For callbacks that have nobody to tell: the log says it. The label outlives the call, which must
// not suspend. False where an exception left it.
template <class Call>
bool call_contained(std::string_view label, Call&& call) {
  const crash_report::Scope scope(label);
  const std::string reason = exception_of(std::forward<Call>(call));
  if (reason.empty()) return true;
  log::error("plugin callback failed", {{"callback", label}, {"reason", reason}});
  return false;
}

}  // namespace calixo::host
