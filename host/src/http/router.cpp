// The tree of segments behind Router. Every node stands for one path prefix, so a match visits each
// node at most once, whatever the request.
#include "http/router.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "http/ascii.hpp"
#include "http/percent.hpp"
#include "http/route_pattern.hpp"

namespace calixo::host {
namespace {

struct Entry {
  const Route* route;
  std::vector<std::string> parameter_names;
};

struct Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::array<std::unique_ptr<Node>, 5> parameters;  // by SegmentType; [0] stays empty
  std::vector<Entry> entries;                       // one a method

  const Entry* find(std::string_view method) const {
    for (const Entry& entry : entries) {
      if (entry.route->method == method) return &entry;
    }
    return nullptr;
  }
};

Node& child_for(Node& node, const PatternSegment& segment) {
  std::unique_ptr<Node>& child = segment.type == SegmentType::literal
                                     ? node.literals[segment.text]
                                     : node.parameters[static_cast<std::size_t>(segment.type)];
  if (child == nullptr) child = std::make_unique<Node>();
  return *child;
}

std::string describe(const Route& route) { return route.method + " " + route.path; }

void split(std::string_view path, std::vector<std::string_view>& segments) {
  std::string_view rest = path.substr(1);
  while (true) {
    const std::size_t slash = rest.find('/');
    segments.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

bool decode_all(const std::vector<std::string_view>& segments, std::vector<std::string>& decoded) {
  decoded.resize(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!decode_segment(segments[i], decoded[i])) return false;
  }
  return true;
}

// One request's walk through the tree, depth first.
class Walk {
 public:
  Walk(std::string_view method, const std::vector<std::string>& segments)
      : method_(method), segments_(segments) {}

  const Entry* run(const Node& root) { return visit(root, 0); }
  std::vector<std::string>& values() { return values_; }
  const std::vector<const Node*>& seen() const { return seen_; }

 private:
  const Entry* visit(const Node& node, std::size_t depth) {
    if (depth == segments_.size()) return arrive(node);
    if (const auto literal = node.literals.find(segments_[depth]); literal != node.literals.end()) {
      if (const Entry* entry = visit(*literal->second, depth + 1)) return entry;
    }
    for (const SegmentType type : {SegmentType::integer, SegmentType::uuid, SegmentType::text}) {
      const auto& child = node.parameters[static_cast<std::size_t>(type)];
      if (child == nullptr || !is_value_of(type, segments_[depth])) continue;
      values_.push_back(segments_[depth]);
      if (const Entry* entry = visit(*child, depth + 1)) return entry;
      values_.pop_back();
    }
    return visit_rest(node, depth);
  }

  const Entry* visit_rest(const Node& node, std::size_t depth) {
    const auto& child = node.parameters[static_cast<std::size_t>(SegmentType::rest)];
    if (child == nullptr) return nullptr;
    std::string rest = segments_[depth];
    for (std::size_t i = depth + 1; i < segments_.size(); ++i)
      rest.append("/").append(segments_[i]);
    values_.push_back(std::move(rest));
    if (const Entry* entry = arrive(*child)) return entry;
    values_.pop_back();
    return nullptr;
  }

  const Entry* arrive(const Node& node) {
    if (node.entries.empty()) return nullptr;
    const Entry* entry = node.find(method_);
    if (entry == nullptr && method_ == "HEAD") entry = node.find("GET");
    if (entry == nullptr) seen_.push_back(&node);
    return entry;
  }

  std::string_view method_;
  const std::vector<std::string>& segments_;
  std::vector<std::string> values_;
  std::vector<const Node*> seen_;  // nodes of this path that lack the method
};

std::string allow_of(const std::vector<const Node*>& nodes) {
  std::vector<std::string_view> methods{"OPTIONS"};
  for (const Node* node : nodes) {
    for (const Entry& entry : node->entries) {
      methods.push_back(entry.route->method);
      if (entry.route->method == "GET") methods.push_back("HEAD");
    }
  }
  std::sort(methods.begin(), methods.end());
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  std::string allow;
  for (const std::string_view method : methods)
    allow.append(allow.empty() ? "" : ", ").append(method);
  return allow;
}

}  // namespace

struct Router::Impl {
  Node root;
  std::vector<std::unique_ptr<Route>> routes;
  std::unordered_map<std::string_view, const Node*> literal_paths;  // keys live in routes
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;

const std::vector<std::unique_ptr<Route>>& Router::routes() const { return impl_->routes; }

std::string Router::add(Route route) {
  if (!ascii::is_token(route.method)) return "'" + route.method + "' is not a method";
  std::vector<PatternSegment> segments;
  if (std::string wrong = parse_pattern(route.path, segments); !wrong.empty()) {
    return describe(route) + " of " + route.owner + ": " + wrong;
  }
  Node* node = &impl_->root;
  Entry entry;
  for (const PatternSegment& segment : segments) {
    node = &child_for(*node, segment);
    if (segment.type != SegmentType::literal) entry.parameter_names.push_back(segment.text);
  }
  if (const Entry* other = node->find(route.method)) {
    const std::string same_path =
        other->route->path == route.path ? "" : " (as " + other->route->path + ")";
    return describe(route) + " is registered by " + other->route->owner + same_path + " and by " +
           route.owner;
  }
  route.label = route.owner + " " + describe(route);
  route.index = impl_->routes.size();
  impl_->routes.push_back(std::make_unique<Route>(std::move(route)));
  entry.route = impl_->routes.back().get();
  if (entry.parameter_names.empty()) impl_->literal_paths.emplace(entry.route->path, node);
  node->entries.push_back(std::move(entry));
  return {};
}

RouteMatch Router::match(std::string_view method, std::string_view path) const {
  RouteMatch match;
  if (const auto exact = impl_->literal_paths.find(path); exact != impl_->literal_paths.end()) {
    const Entry* entry = exact->second->find(method);
    if (entry == nullptr && method == "HEAD") entry = exact->second->find("GET");
    if (entry != nullptr) {
      match.outcome = RouteMatch::Outcome::found;
      match.route = entry->route;
      return match;
    }
  }
  std::vector<std::string_view> raw;
  std::vector<std::string> segments;
  if (path.empty() || path.front() != '/') return match;
  split(path, raw);
  if (!decode_all(raw, segments)) {
    match.outcome = RouteMatch::Outcome::bad_parameter;
    return match;
  }
  Walk walk(method, segments);
  if (const Entry* entry = walk.run(impl_->root)) {
    match.outcome = RouteMatch::Outcome::found;
    match.route = entry->route;
    for (std::size_t i = 0; i < entry->parameter_names.size(); ++i) {
      match.parameters.push_back({entry->parameter_names[i], std::move(walk.values()[i])});
    }
  } else if (!walk.seen().empty()) {
    match.outcome = RouteMatch::Outcome::no_such_method;
    match.allow = allow_of(walk.seen());
  }
  return match;
}

}  // namespace calixo::host
