// Calls into a plugin's code. By the contract no exception leaves it; one that does ends here, and
// a crash in it is told under the label. [any-thread]
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "log/log.hpp"
#include "plugin/exception_of.hpp"
#include "runtime/crash_report.hpp"

namespace calixo::host {

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
