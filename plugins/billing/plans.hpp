// What can be subscribed to: names of ours and Stripe's prices. Pure functions. [any-thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::billing {

struct Plan {
  std::string name;   // "monthly"
  std::string price;  // "price_123"
  bool operator==(const Plan&) const = default;
};

// From "monthly:price_1, yearly:price_2". Nothing where it is not written so, or a name or a price
// stands there twice.
std::optional<std::vector<Plan>> parse_plans(std::string_view text);

}  // namespace calixo::billing
