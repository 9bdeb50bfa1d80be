// Any order of a subscription's events, any number of times, ends in one state.
#include "billing/projection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "billing/premium.hpp"
#include "stripe_life.hpp"

namespace calixo::billing::test {
namespace {

std::vector<Facts> facts_of_all(const std::vector<Json>& events) {
  std::vector<Facts> all;
  for (const Json& event : events) all.push_back(facts_of(event));
  return all;
}

Known heard(const std::vector<Facts>& facts, const std::vector<std::size_t>& order) {
  Known known;
  for (const std::size_t at : order) known.hear(facts[at]);
  return known;
}

std::vector<std::size_t> in_order(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

// Trial, checkout, paid, failed, past due, recovered, upgrade, pause, resumed, cancel at the
// period's end, deleted, refund, dispute; the shapes alternate where they are mixed.
std::vector<Json> full_life(Shape first, Shape second) {
  Life life{first};
  life.tell("customer.subscription.created", life.subscription());
  life.tell("checkout.session.completed", {{"id", "cs_1"},
                                           {"object", "checkout.session"},
                                           {"customer", "cus_1"},
                                           {"subscription", "sub_1"},
                                           {"client_reference_id", kPerson},
                                           {"payment_status", "unpaid"},
                                           {"amount_total", 0}});
  life.later(3).tell("checkout.session.async_payment_succeeded", {{"id", "cs_1"},
                                                                  {"object", "checkout.session"},
                                                                  {"customer", "cus_1"},
                                                                  {"client_reference_id", kPerson},
                                                                  {"payment_status", "paid"},
                                                                  {"amount_total", 0}});
  life.later(7 * kDay);
  life.period_end_s = life.now_s + kMonth;
  life.become("active");
  life.tell("invoice.paid", life.invoice("in_1", "paid"));
  life.tell("invoice.payment_succeeded", life.invoice("in_1", "paid"));
  life.tell("charge.succeeded", life.charge(0));
  life.shape = second;
  life.later(kMonth);
  life.period_end_s += kMonth;
  life.update();
  life.later(3600).tell("invoice.payment_failed", life.invoice("in_2", "open"));
  life.become("past_due");
  life.later(2 * kDay).tell("invoice.paid", life.invoice("in_2", "paid"));
  life.become("active");
  life.later(kDay).price = "price_year";
  life.period_end_s = life.now_s + 12 * kMonth;
  life.update();
  life.later(kDay).become("paused", "customer.subscription.paused");
  life.later(kDay).become("active", "customer.subscription.resumed");
  life.later(kDay).is_ending = true;
  life.update();
  life.later(12 * kMonth).become("canceled", "customer.subscription.deleted");
  life.shape = first;
  life.later(kDay).tell("charge.refunded", life.charge(500));
  life.later(kDay).tell("charge.refunded", life.charge(999));
  for (const char* step : {"needs_response", "under_review", "lost"}) {
    const std::string type = std::string(step) == "needs_response" ? "created"
                             : std::string(step) == "lost"         ? "closed"
                                                                   : "updated";
    life.later(kDay).tell(
        "charge.dispute." + type,
        {{"id", "dp_1"}, {"object", "dispute"}, {"charge", "ch_1"}, {"status", step}});
  }
  return life.events;
}

void expect_one_end_in_all_permutations(const std::vector<Json>& events) {
  const auto facts = facts_of_all(events);
  auto order = in_order(facts.size());
  const Known wanted = heard(facts, order);
  std::size_t count = 0;
  do {
    ASSERT_EQ(heard(facts, order), wanted);
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  std::size_t factorial = 1;
  for (std::size_t i = 2; i <= facts.size(); ++i) factorial *= i;
  EXPECT_EQ(count, factorial);
}

void expect_one_end_in_random_orders(const std::vector<Json>& events, std::size_t rounds) {
  const auto facts = facts_of_all(events);
  const Known wanted = heard(facts, in_order(facts.size()));
  std::mt19937 random(20'240'101);
  for (std::size_t round = 0; round < rounds; ++round) {
    auto order = in_order(facts.size());
    const std::size_t repeated = random() % (2 * facts.size());
    for (std::size_t i = 0; i < repeated; ++i) order.push_back(random() % facts.size());
    std::shuffle(order.begin(), order.end(), random);
    ASSERT_EQ(heard(facts, order), wanted) << "round " << round;
  }
}

TEST(StripeProjection, EndsAsTheLastWordSays) {
  const auto events = full_life(Shape::old, Shape::current);
  const Known known = heard(facts_of_all(events), in_order(events.size()));
  ASSERT_TRUE(known.subscription);
  EXPECT_EQ(known.subscription->status, "canceled");
  EXPECT_EQ(known.subscription->plan, "price_year");
  EXPECT_TRUE(known.subscription->cancel_at_period_end);
  EXPECT_FALSE(known.subscription->is_tied);
  EXPECT_EQ(known.link, (CustomerLink{kPerson, kStart}));
  EXPECT_EQ(known.payments.at("in_1").status, "paid");
  EXPECT_EQ(known.payments.at("in_2").status, "paid");
  EXPECT_EQ(known.payments.at("in_2").subscription_id, "sub_1");
  EXPECT_EQ(known.payments.at("cs_1").status, "paid");
  EXPECT_EQ(known.payments.at("ch_1").status, "refunded");
  EXPECT_EQ(known.payments.at("ch_1").amount_refunded, 999);
  EXPECT_EQ(known.payments.at("ch_1").dispute_status, "lost");
}

TEST(StripeProjection, BothGenerationsOfShapesSayTheSame) {
  const auto end_of = [](Shape first, Shape second) {
    const auto events = full_life(first, second);
    return heard(facts_of_all(events), in_order(events.size()));
  };
  const Known wanted = end_of(Shape::old, Shape::old);
  EXPECT_EQ(end_of(Shape::current, Shape::current), wanted);
  EXPECT_EQ(end_of(Shape::old, Shape::current), wanted);
  EXPECT_EQ(end_of(Shape::current, Shape::old), wanted);
}

TEST(StripeProjection, ALifeEndsInOneStateInRandomOrdersWithDuplicates) {
  for (const Shape first : {Shape::old, Shape::current}) {
    for (const Shape second : {Shape::old, Shape::current}) {
      expect_one_end_in_random_orders(full_life(first, second), 5000);
    }
  }
}

TEST(StripeProjection, EveryWindowOfALifeEndsInOneStateInAllPermutations) {
  const auto events = full_life(Shape::old, Shape::current);
  constexpr std::size_t kWindow = 7;
  for (std::size_t from = 0; from + kWindow <= events.size(); ++from) {
    const auto begin = events.begin() + static_cast<std::ptrdiff_t>(from);
    expect_one_end_in_all_permutations({begin, begin + kWindow});
  }
}

// Everything within one second, also what contradicts itself.
TEST(StripeProjection, ASecondFullOfEventsEndsInOneStateInAllPermutations) {
  Life life{Shape::current};
  life.status = "incomplete";
  life.tell("customer.subscription.created", life.subscription());
  life.become("active");
  life.become("past_due");
  life.become("active");
  life.become("paused", "customer.subscription.paused");
  life.tell("charge.refunded", life.charge(500));
  life.tell("charge.refunded", life.charge(999));
  expect_one_end_in_all_permutations(life.events);
  const Known known = heard(facts_of_all(life.events), in_order(life.events.size()));
  EXPECT_TRUE(known.subscription->is_tied);
  EXPECT_EQ(known.payments.at("ch_1").amount_refunded, 999);
}

TEST(StripeProjection, WithinASecondTheBeginningLosesAndTheEndWins) {
  Life life;
  life.status = "incomplete";
  life.tell("customer.subscription.created", life.subscription());
  life.become("active");
  Known known = heard(facts_of_all(life.events), {1, 0});
  EXPECT_EQ(known.subscription->status, "active");
  EXPECT_FALSE(known.subscription->is_tied);
  life.become("canceled", "customer.subscription.deleted");
  known = heard(facts_of_all(life.events), {2, 0, 1});
  EXPECT_EQ(known.subscription->status, "canceled");
  EXPECT_FALSE(known.subscription->is_tied);
}

TEST(StripeProjection, ATieIsEndedByTheNextSecondOrByAsking) {
  Life life;
  life.become("past_due");
  life.become("active");
  const auto facts = facts_of_all(life.events);
  const Known tied = heard(facts, {0, 1});
  ASSERT_TRUE(tied.subscription->is_tied);

  Life truth = life;
  truth.status = "past_due";
  const auto fetched = fetched_subscription(truth.subscription(), *tied.subscription);
  Known asked = tied;
  asked.subscription = join(*tied.subscription, fetched);
  EXPECT_FALSE(asked.subscription->is_tied);
  EXPECT_EQ(asked.subscription->status, "past_due");
  for (const Facts& again : facts) asked.hear(again);
  EXPECT_EQ(asked.subscription->status, "past_due") << "what was told of that second is over";
  EXPECT_FALSE(asked.subscription->is_tied);
  const auto twice = fetched_subscription(life.subscription(), *asked.subscription);
  EXPECT_EQ(join(twice, *asked.subscription).status, "active") << "the last answer counts";

  life.later(1).become("unpaid");
  asked.hear(facts_of(life.events.back()));
  EXPECT_EQ(asked.subscription->status, "unpaid");
  EXPECT_FALSE(asked.subscription->is_tied);
}

TEST(StripeProjection, ACustomerIsWhoseItWasFirst) {
  const CustomerLink first{kPerson, 5}, second{"00000000-0000-4000-8000-000000000002", 6};
  EXPECT_EQ(join(first, second), first);
  EXPECT_EQ(join(second, first), first);
}

// --- until when it makes premium ---

class Premium : public testing::Test {
 protected:
  static std::optional<Timestamp> until(Life& life) {
    const auto known = heard(facts_of_all(life.events), in_order(life.events.size()));
    return premium_until(*known.subscription, {7 * kDay, kDay});
  }
  static Timestamp at(std::int64_t unix_s) { return Timestamp::from_unix_s(unix_s); }
};

TEST_F(Premium, LastsForThePeriodAndAGraceForItsRenewal) {
  Life life{Shape::current};
  life.update();
  EXPECT_EQ(until(life), at(life.period_end_s + kDay));
  life.later(1).is_ending = true;
  life.update();
  EXPECT_EQ(until(life), at(life.period_end_s)) << "it is not renewed";
}

TEST_F(Premium, LastsForAGraceSinceItBecamePastDue) {
  Life life;
  life.become("active");
  life.later(kMonth).become("past_due");
  const std::int64_t since = life.now_s;
  life.later(3 * kDay).update();
  EXPECT_EQ(until(life), at(since + 7 * kDay)) << "later words of the same do not prolong it";
  life.later(kDay).become("active");
  life.later(kMonth).become("past_due");
  EXPECT_EQ(until(life), at(life.now_s + 7 * kDay)) << "another time, another grace";
}

TEST_F(Premium, IsNoneWhereNothingIsPaid) {
  for (const char* status : {"incomplete", "incomplete_expired", "unpaid", "paused", "canceled"}) {
    Life life;
    life.become(status);
    EXPECT_EQ(until(life), std::nullopt) << status;
  }
}

// --- what can't be read ---

TEST(StripeFacts, UnknownTypesSayNothing) {
  const Facts facts = facts_of(Json{{"type", "product.created"}, {"created", 1}});
  EXPECT_FALSE(facts.link || facts.subscription || facts.payment);
}

TEST(StripeFacts, WhatLacksItsObjectIsRefused) {
  Life life;
  const auto without = [&](const char* member) {
    auto object = life.subscription();
    object.erase(member);
    Life told;
    told.tell("customer.subscription.updated", object);
    return told.events.back();
  };
  for (const char* member : {"id", "customer", "status"}) {
    EXPECT_THROW(facts_of(without(member)), UnreadableEvent) << member;
  }
  EXPECT_THROW(facts_of(Json{{"type", "invoice.paid"}, {"data", {{"object", 7}}}}),
               UnreadableEvent);
  EXPECT_THROW(facts_of(Json{{"type", "invoice.paid"}}), UnreadableEvent);
}

TEST(StripeFacts, ANameThatIsNoPersonsIdLinksNobody) {
  Life life;
  auto object = life.subscription();
  object["metadata"] = {{"user_id", "order-17"}};
  life.tell("customer.subscription.updated", object);
  EXPECT_FALSE(facts_of(life.events.back()).link);
}

TEST(StripeFacts, ExpandedObjectsCountAsTheirIds) {
  Life life;
  auto object = life.subscription();
  object["customer"] = {{"id", "cus_1"}, {"object", "customer"}};
  life.tell("customer.subscription.updated", object);
  life.update();
  EXPECT_EQ(facts_of(life.events[0]).subscription, facts_of(life.events[1]).subscription);
}

}  // namespace
}  // namespace calixo::billing::test
