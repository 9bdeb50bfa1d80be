#include "plan_routes.hpp"

#include <string>

#include "plans.hpp"

namespace calixo::billing {
namespace {

struct PlanView {
  std::string name;
  std::string price_id;
};
BOOST_DESCRIBE_STRUCT(PlanView, (), (name, price_id))
CALIXO_RULES(PlanView) {
  rules.at<&PlanView::name>().describe("What a checkout asks for, as \"monthly\"");
  rules.at<&PlanView::price_id>().describe("The price's id at Stripe: a subscription's plan");
}

// There are as many as an operator writes into one key: a page holds all of them.
Page<PlanView> plans_of(const Settings& settings) {
  Page<PlanView> page;
  for (Plan& plan : parse_plans(settings.plans.get()).value_or(std::vector<Plan>())) {
    page.items.push_back({std::move(plan.name), std::move(plan.price)});
  }
  return page;
}

}  // namespace

void register_plan_routes(Plugin& plugin, const Settings& settings) {
  plugin.get("/api/billing/plans", [&settings](Context&) { return plans_of(settings); })
      .read_only()
      .summary("What can be subscribed to, in the operator's order");
}

}  // namespace calixo::billing
