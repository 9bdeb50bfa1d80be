#include "projection.hpp"

#include <algorithm>
#include <tuple>

namespace calixo::billing {
namespace {

std::tuple<std::int64_t, std::int32_t, std::string> dispute_of(const PaymentRow& row) {
  return {row.dispute_created_s, row.dispute_rank, row.dispute_status.value_or("")};
}

}  // namespace

SubscriptionRow join(const SubscriptionRow& one, const SubscriptionRow& other) {
  const bool is_one = std::tie(one.stamp(), one.state()) >= std::tie(other.stamp(), other.state());
  SubscriptionRow joined = is_one ? one : other;
  if (one.stamp() == other.stamp()) {
    joined.is_tied = one.is_tied || other.is_tied || one.state() != other.state();
    joined.customer_id = std::min(one.customer_id, other.customer_id);
  }
  joined.past_due_at = std::max(one.past_due_at, other.past_due_at);
  return joined;
}

CustomerLink join(const CustomerLink& one, const CustomerLink& other) {
  return std::tie(one.linked_s, one.user_id) <= std::tie(other.linked_s, other.user_id) ? one
                                                                                        : other;
}

PaymentRow join(const PaymentRow& one, const PaymentRow& other) {
  const bool is_one = std::tie(one.stamp(), one.state()) >= std::tie(other.stamp(), other.state());
  PaymentRow joined = is_one ? one : other;
  joined.customer_id = std::max(one.customer_id, other.customer_id);
  const PaymentRow& disputed = dispute_of(one) >= dispute_of(other) ? one : other;
  joined.dispute_status = disputed.dispute_status;
  joined.dispute_created_s = disputed.dispute_created_s;
  joined.dispute_rank = disputed.dispute_rank;
  return joined;
}

}  // namespace calixo::billing
