// Calls that no exception leaves: a plugin's exception ends here, as a text.
// [any-thread]
#pragma once

#include <exception>
#include <string>
#include <utility>

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

}  // namespace calixo::host
