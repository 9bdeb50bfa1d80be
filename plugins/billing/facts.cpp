#include "facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "stripe_object.hpp"

namespace calixo::billing {
namespace {

constexpr std::array<std::string_view, 8> kStatuses = {
    "incomplete", "incomplete_expired", "trialing", "active",
    "past_due",   "canceled",           "unpaid",   "paused"};

// Types whose object says something of a payment, and which of two in one second counts.
constexpr std::array<std::pair<std::string_view, std::int32_t>, 16> kPaymentTypes = {{
    {"invoice.finalized", 1},
    {"invoice.payment_failed", 2},
    {"invoice.marked_uncollectible", 3},
    {"invoice.voided", 4},
    {"invoice.payment_succeeded", 5},
    {"invoice.paid", 5},
    {"charge.pending", 1},
    {"charge.failed", 2},
    {"charge.succeeded", 3},
    {"charge.captured", 4},
    {"charge.updated", 5},
    {"charge.refunded", 6},
    {"checkout.session.completed", 1},
    {"checkout.session.expired", 2},
    {"checkout.session.async_payment_failed", 3},
    {"checkout.session.async_payment_succeeded", 4},
}};

constexpr std::array<std::pair<std::string_view, std::int32_t>, 5> kDisputeTypes = {{
    {"charge.dispute.created", 1},
    {"charge.dispute.updated", 2},
    {"charge.dispute.funds_withdrawn", 2},
    {"charge.dispute.funds_reinstated", 3},
    {"charge.dispute.closed", 4},
}};

template <class Ranks>
std::optional<std::int32_t> rank_in(const Ranks& ranks, std::string_view type) {
  for (const auto& [name, rank] : ranks) {
    if (name == type) return rank;
  }
  return std::nullopt;
}

std::string checked_id(std::optional<std::string> id, const char* what) {
  if (!id || id->empty()) {
    throw UnreadableEvent(std::string("it has no ") + what);
  }
  return std::move(*id);
}

// Of the items' ends the last: later API versions have them there.
std::optional<Timestamp> period_end(const Json& subscription) {
  if (const auto end = time_at(subscription, {"current_period_end"})) return end;
  std::optional<Timestamp> last;
  if (const auto* items = items_at(subscription, {"items"})) {
    for (const Json& item : *items) last = std::max(last, time_at(item, {"current_period_end"}));
  }
  return last;
}

std::optional<std::string> plan_of(const Json& subscription) {
  if (const auto* items = items_at(subscription, {"items"}); items != nullptr && !items->empty()) {
    if (auto price = id_at(items->front(), {"price"})) return price;
    if (auto plan = id_at(items->front(), {"plan"})) return plan;
  }
  return id_at(subscription, {"plan"});
}

SubscriptionRow subscription_row(const Json& object) {
  SubscriptionRow row;
  row.id = checked_id(text_at(object, {"id"}), "subscription's id");
  row.customer_id = checked_id(id_at(object, {"customer"}), "subscription's customer");
  row.status = text_at(object, {"status"}).value_or("");
  if (std::find(kStatuses.begin(), kStatuses.end(), row.status) == kStatuses.end()) {
    throw UnreadableEvent("the subscription's status is none that is known");
  }
  row.plan = plan_of(object);
  row.current_period_end = period_end(object);
  row.cancel_at_period_end = is_true_at(object, {"cancel_at_period_end"});
  row.cancel_at = time_at(object, {"cancel_at"});
  row.trial_end = time_at(object, {"trial_end"});
  return row;
}

std::int32_t subscription_rank(std::string_view type, std::string_view status) {
  if (status == "canceled" || status == "incomplete_expired") return kRankEnded;
  return type == "customer.subscription.created" ? kRankBegun : kRankChanged;
}

SubscriptionRow subscription_fact(const Json& event, std::string_view type, const Json& object,
                                  std::int64_t created_s) {
  SubscriptionRow row = subscription_row(object);
  row.created_s = created_s;
  row.rank = subscription_rank(type, row.status);
  const auto before = text_at(event, {"data", "previous_attributes", "status"});
  if (row.status == "past_due" && before && *before != row.status) {
    row.past_due_at = Timestamp::from_unix_s(created_s);
  }
  return row;
}

std::optional<std::string> subscription_of_payment(const Json& object) {
  if (auto id = id_at(object, {"subscription"})) return id;
  return id_at(object, {"parent", "subscription_details", "subscription"});
}

std::optional<std::string> payment_status(std::string_view kind, std::string_view type,
                                          const Json& object) {
  if (type == "invoice.payment_failed" || type == "checkout.session.async_payment_failed") {
    return "failed";
  }
  if (kind == "checkout") {
    return text_at(object, {type == "checkout.session.expired" ? "status" : "payment_status"});
  }
  if (kind == "charge" && is_true_at(object, {"refunded"})) return "refunded";
  return text_at(object, {"status"});
}

PaymentRow payment_fact(std::string_view type, const Json& object, Stamp stamp) {
  PaymentRow row;
  static_cast<Stamp&>(row) = stamp;
  row.kind = type.substr(0, type.find('.'));
  row.id = checked_id(text_at(object, {"id"}), "payment's id");
  row.customer_id = id_at(object, {"customer"});
  row.status = payment_status(row.kind, type, object);
  if (!row.status) throw UnreadableEvent("the payment has no status");
  const char* const amount = row.kind == "invoice"    ? "amount_due"
                             : row.kind == "checkout" ? "amount_total"
                                                      : "amount";
  row.amount = integer_at(object, {amount});
  row.amount_refunded = integer_at(object, {"amount_refunded"}).value_or(0);
  row.currency = text_at(object, {"currency"});
  row.subscription_id = subscription_of_payment(object);
  return row;
}

PaymentRow dispute_fact(const Json& object, Stamp stamp) {
  PaymentRow row;
  row.kind = "charge";
  row.id = checked_id(id_at(object, {"charge"}), "dispute's charge");
  row.dispute_status = checked_id(text_at(object, {"status"}), "dispute's status");
  row.dispute_created_s = stamp.created_s;
  row.dispute_rank = stamp.rank;
  return row;
}

// Who is named, where that is the id of a person: others use the same fields for their own ends.
std::optional<CustomerLink> link_of(const Json& object, std::int64_t created_s) {
  const std::array named = {
      text_at(object, {"client_reference_id"}), text_at(object, {"metadata", "user_id"}),
      text_at(object, {"subscription_details", "metadata", "user_id"}),
      text_at(object, {"parent", "subscription_details", "metadata", "user_id"})};
  for (const auto& name : named) {
    if (!name) continue;
    if (const auto id = Uuid::parse(*name)) return CustomerLink{id->str(), created_s};
  }
  return std::nullopt;
}

std::optional<CouponOfCheckout> coupon_of(std::string_view type, const Json& object,
                                          const std::optional<CustomerLink>& link) {
  const bool is_expired = type == "checkout.session.expired";
  if (!is_expired && type != "checkout.session.completed") return std::nullopt;
  const auto text = text_at(object, {"metadata", kCouponOfCheckout});
  if (!text) return std::nullopt;
  CouponOfCheckout coupon;
  coupon.is_expired = is_expired;
  const char* const end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, coupon.coupon_id);
  if (error != std::errc() || at != end) throw UnreadableEvent("its coupon is no number");
  coupon.session_id = checked_id(text_at(object, {"id"}), "checkout's id");
  if (link) coupon.user_id = Uuid::parse(link->user_id).value_or(Uuid());
  return coupon;
}

}  // namespace

Facts facts_of(const Json& event) {
  const std::string type = text_at(event, {"type"}).value_or("");
  const Json* const object = find(event, {"data", "object"});
  const std::int64_t created_s = integer_at(event, {"created"}).value_or(0);
  const auto payment = rank_in(kPaymentTypes, type);
  const auto dispute = rank_in(kDisputeTypes, type);
  const bool is_subscription = type.starts_with("customer.subscription.");
  const bool is_customer = type == "customer.created" || type == "customer.updated";
  Facts facts;
  if (!payment && !dispute && !is_subscription && !is_customer) return facts;
  if (object == nullptr || !object->is_object()) throw UnreadableEvent("it has no object");
  facts.customer_id = id_at(*object, {is_customer ? "id" : "customer"}).value_or("");
  facts.link = link_of(*object, created_s);
  if (is_subscription) facts.subscription = subscription_fact(event, type, *object, created_s);
  if (payment) facts.payment = payment_fact(type, *object, {created_s, *payment});
  if (dispute) facts.payment = dispute_fact(*object, {created_s, *dispute});
  facts.coupon = coupon_of(type, *object, facts.link);
  return facts;
}

SubscriptionRow fetched_subscription(const Json& subscription, const SubscriptionRow& present) {
  SubscriptionRow row = subscription_row(subscription);
  row.created_s = present.created_s;
  row.rank = std::max(present.rank, kRankFetched - 1) + 1;
  return row;
}

}  // namespace calixo::billing
