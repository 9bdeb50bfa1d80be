// Routes that share prefixes, a problem format, a tag, roles. Each is registered under every
// prefix. [startup]
#pragma once

#include <calixo/detail/registrations.hpp>
#include <calixo/route.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

// Adds routes that share prefixes, a chapter and roles. [startup]
class RouteGroup {
 public:
  // Made by Plugin::group().
  RouteGroup(detail::Registrations& registrations, std::initializer_list<std::string_view> prefixes)
      : registrations_(&registrations), prefixes_(prefixes.begin(), prefixes.end()) {}

  // These three hold for the routes registered after them.
  RouteGroup& render_problems(ProblemRenderer renderer) {
    renderer_ = std::move(renderer);
    return *this;
  }
  // The chapter of the routes that follow.
  RouteGroup& tag(std::string_view chapter) {
    tag_ = chapter;
    return *this;
  }
  // Who may call the routes that follow.
  RouteGroup& allow(Roles roles) {
    roles_ = roles;
    return *this;
  }

  // As Plugin::get, below the prefixes.
  template <class Handler>
  RouteBuilder get(std::string_view path, Handler handler) {
    return add<false>("GET", path, std::move(handler));
  }
  // As Plugin::post, below the prefixes.
  template <class Handler>
  RouteBuilder post(std::string_view path, Handler handler) {
    return add<true>("POST", path, std::move(handler));
  }
  // As Plugin::put, below the prefixes.
  template <class Handler>
  RouteBuilder put(std::string_view path, Handler handler) {
    return add<true>("PUT", path, std::move(handler));
  }
  // As Plugin::patch, below the prefixes.
  template <class Handler>
  RouteBuilder patch(std::string_view path, Handler handler) {
    return add<true>("PATCH", path, std::move(handler));
  }
  // As Plugin::del, below the prefixes.
  template <class Handler>
  RouteBuilder del(std::string_view path, Handler handler) {
    return add<false>("DELETE", path, std::move(handler));
  }

 private:
  template <bool kTakesBody, class Handler>
  RouteBuilder add(std::string_view method, std::string_view path, Handler handler) {
    std::vector<std::string> paths;
    for (const std::string& prefix : prefixes_) paths.push_back(prefix + std::string(path));
    RouteBuilder builder(
        registrations_->add_route<kTakesBody>(method, std::move(paths), std::move(handler)));
    return builder.render_problems(renderer_).tag(tag_).allow(roles_);
  }

  detail::Registrations* registrations_;
  std::vector<std::string> prefixes_;
  ProblemRenderer renderer_;
  std::string tag_;
  Roles roles_;
};

}  // namespace calixo
