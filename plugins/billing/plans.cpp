#include "plans.hpp"

#include <algorithm>

namespace calixo::billing {
namespace {

constexpr std::string_view kWordCharacters =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kWordCharacters) == std::string_view::npos;
}

}  // namespace

std::optional<std::vector<Plan>> parse_plans(std::string_view text) {
  std::vector<Plan> plans;
  text = trimmed(text);
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const std::size_t colon = one.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = trimmed(one.substr(0, colon));
    const std::string_view price = trimmed(one.substr(colon + 1));
    const auto is_same = [&](const Plan& plan) { return plan.name == name || plan.price == price; };
    if (!is_word(name) || !is_word(price)) return std::nullopt;
    if (std::any_of(plans.begin(), plans.end(), is_same)) return std::nullopt;
    plans.push_back({std::string(name), std::string(price)});
  }
  return plans;
}

}  // namespace calixo::billing
