#include "plugin/dependency_order.hpp"

#include <algorithm>
#include <map>

namespace calixo::host {
namespace {

enum class Mark { unseen, on_path, done };

// Depth first; `path` is how the present node was reached.
class Walk {
 public:
  explicit Walk(const std::vector<DependencyNode>& nodes) {
    for (const DependencyNode& node : nodes) by_name_.emplace(node.name, &node);
  }

  // False once a cycle is found.
  bool visit(const std::string& name) {
    const auto node = by_name_.find(name);
    if (node == by_name_.end()) return true;
    Mark& mark = marks_[name];
    if (mark == Mark::done) return true;
    if (mark == Mark::on_path) return found_cycle(name);
    mark = Mark::on_path;
    path_.push_back(name);
    for (const std::string& needed : node->second->needs) {
      if (!visit(needed)) return false;
    }
    path_.pop_back();
    marks_[name] = Mark::done;
    order.names.push_back(name);
    return true;
  }

  DependencyOrder order;

 private:
  bool found_cycle(const std::string& name) {
    order.cycle.assign(std::find(path_.begin(), path_.end(), name), path_.end());
    order.cycle.push_back(name);
    return false;
  }

  std::map<std::string, const DependencyNode*> by_name_;
  std::map<std::string, Mark> marks_;
  std::vector<std::string> path_;
};

}  // namespace

DependencyOrder order_by_dependencies(const std::vector<DependencyNode>& nodes) {
  Walk walk(nodes);
  for (const DependencyNode& node : nodes) {
    if (!walk.visit(node.name)) break;
  }
  return std::move(walk.order);
}

}  // namespace calixo::host
