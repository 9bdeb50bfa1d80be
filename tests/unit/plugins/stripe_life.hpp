// Events of subscriptions' lives, in the shapes of both generations of Stripe's API.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "billing/facts.hpp"

namespace calixo::billing::test {

inline const std::string kPerson = "00000000-0000-4000-8000-000000000001";
inline constexpr std::int64_t kStart = 1'700'000'000, kDay = 86'400, kMonth = 30 * kDay;

enum class Shape { old, current };

// What the events of one subscription say as it goes on.
struct Life {
  Shape shape = Shape::old;
  std::int64_t now_s = kStart;
  std::string status = "trialing", price = "price_month";
  std::int64_t period_end_s = kStart + 7 * kDay;
  bool is_ending = false;
  std::vector<Json> events = {};

  boost::json::object subscription() const {
    boost::json::object item{{"price", {{"id", price}, {"object", "price"}}}};
    boost::json::object made{{"id", "sub_1"},
                             {"object", "subscription"},
                             {"customer", "cus_1"},
                             {"status", status},
                             {"cancel_at_period_end", is_ending},
                             {"cancel_at", nullptr},
                             {"trial_end", kStart + 7 * kDay},
                             {"metadata", {{"user_id", kPerson}}}};
    (shape == Shape::old ? made : item)["current_period_end"] = period_end_s;
    made["items"] = {{"object", "list"}, {"data", {item}}};
    return made;
  }

  boost::json::object invoice(const std::string& id, const std::string& invoice_status) const {
    boost::json::object made{
        {"id", id},          {"object", "invoice"}, {"customer", "cus_1"},
        {"amount_due", 999}, {"currency", "eur"},   {"status", invoice_status}};
    if (shape == Shape::old) {
      made["subscription"] = "sub_1";
      made["subscription_details"] = {{"metadata", {{"user_id", kPerson}}}};
    } else {
      made["parent"] = {{"type", "subscription_details"},
                        {"subscription_details",
                         {{"subscription", "sub_1"}, {"metadata", {{"user_id", kPerson}}}}}};
    }
    return made;
  }

  boost::json::object charge(std::int64_t refunded) const {
    boost::json::object made{{"id", "ch_1"},
                             {"object", "charge"},
                             {"customer", "cus_1"},
                             {"amount", 999},
                             {"currency", "eur"},
                             {"amount_refunded", refunded},
                             {"refunded", refunded == 999},
                             {"status", "succeeded"}};
    if (shape == Shape::old) made["invoice"] = "in_1";
    return made;
  }

  void tell(const std::string& type, boost::json::object object, Json before = nullptr) {
    boost::json::object data{{"object", std::move(object)}};
    if (!before.is_null()) data["previous_attributes"] = std::move(before);
    events.push_back({{"id", "evt_" + std::to_string(events.size())},
                      {"object", "event"},
                      {"type", type},
                      {"created", now_s},
                      {"data", std::move(data)}});
  }
  // The subscription changes to another status, and Stripe says so.
  void become(const std::string& next, const std::string& type = "customer.subscription.updated") {
    const std::string before = std::exchange(status, next);
    tell(type, subscription(), boost::json::object{{"status", before}});
  }
  void update() { tell("customer.subscription.updated", subscription()); }
  Life& later(std::int64_t seconds) {
    now_s += seconds;
    return *this;
  }
};

// What everything that was told adds up to.
struct Known {
  std::optional<CustomerLink> link;
  std::optional<SubscriptionRow> subscription;
  std::map<std::string, PaymentRow> payments;
  bool operator==(const Known&) const = default;

  void hear(const Facts& facts) {
    if (facts.link) link = joined(link, *facts.link);
    if (facts.subscription) subscription = joined(subscription, *facts.subscription);
    if (!facts.payment) return;
    const auto [at, is_new] = payments.try_emplace(facts.payment->id, *facts.payment);
    if (!is_new) at->second = join(at->second, *facts.payment);
  }
};

}  // namespace calixo::billing::test
