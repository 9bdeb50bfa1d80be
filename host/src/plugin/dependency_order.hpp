// The order in which plugins migrate and start: what one depends on comes before it.
#pragma once

#include <string>
#include <vector>

namespace calixo::host {

struct DependencyNode {
  std::string name;
  std::vector<std::string> needs;  // names that must come before; all present in the list
};

struct DependencyOrder {
  std::vector<std::string> names;  // in order; the given order where nothing else decides
  std::vector<std::string> cycle;  // not empty: "a", "b", "a"; then names is incomplete
};

DependencyOrder order_by_dependencies(const std::vector<DependencyNode>& nodes);

}  // namespace calixo::host
