#include "app/left_out_routes.hpp"

#include <utility>

#include "http/exchange.hpp"

namespace calixo::host {
namespace {

constexpr std::uint32_t kRetryAfterS = 60;

class Refusing final : public RouteHandler {
 public:
  void handle(Exchange& exchange) override {
    Problem problem;
    problem.http_status = 503;
    problem.code = "plugin_quarantined";
    problem.retry_after_s = kRetryAfterS;
    exchange.fail(problem);
  }
};

}  // namespace

LeftOutRoutes::LeftOutRoutes(const std::vector<LeftOut>& plugins, Router& router)
    : handler_(std::make_unique<Refusing>()) {
  for (const LeftOut& plugin : plugins) {
    for (const std::string& text : plugin.routes) {
      const std::size_t space = text.find(' ');
      if (space == std::string::npos) continue;
      Route route;
      route.method = text.substr(0, space);
      route.path = text.substr(space + 1);
      route.owner = plugin.id;
      route.handler = handler_.get();
      router.add(std::move(route));
    }
  }
}

}  // namespace calixo::host
