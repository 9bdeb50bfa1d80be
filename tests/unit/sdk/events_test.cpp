#include <gmock/gmock.h>

#include <calixo/testing/fake_host.hpp>

namespace calixo {
namespace {

using ::testing::ElementsAre;
using testing::FakeHost;
using ::testing::HasSubstr;

struct Completed {
  std::int64_t challenge_id;
  std::string how = "focus";
};
BOOST_DESCRIBE_STRUCT(Completed, (), (challenge_id, how))

struct Wanted {
  std::int64_t id;
  bool fail_after = false;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (id, fail_after))

std::string publish_on_call(FakeHost& host, const std::string& body) {
  Topic<Completed> completed;
  host.load([&](Plugin& plugin) {
    completed = plugin.event<Completed>("challenge.completed", "An attempt was accepted");
    plugin.post("/complete", [&](Context& context, const Wanted& wanted) {
      context.transaction([&](Transaction& tx) {
        completed.publish(tx, "user-1", {wanted.id});
        require(!wanted.fail_after, Problem(409, "failed_after"));
      });
    });
  });
  host.call({.method = "POST", .path = "/complete", .body = body});
  return host.work.published.empty() ? "" : host.work.published.front().payload;
}

TEST(Events, PublishInATransactionIsKeptByItsCommit) {
  FakeHost host;
  EXPECT_EQ(publish_on_call(host, R"({"id":7})"), R"({"challenge_id":7,"how":"focus"})");
  EXPECT_EQ(host.work.published.front().key, "user-1");
  EXPECT_TRUE(host.work.published.front().is_in_transaction);
  EXPECT_TRUE(host.work.published.front().is_committed);
}

TEST(Events, PublishInATransactionThatIsRolledBackNeverWas) {
  FakeHost host;
  EXPECT_EQ(publish_on_call(host, R"({"id":7,"fail_after":true})"), "");
}

TEST(Events, ATopicIsDeclaredWithItsPayloadsSchema) {
  FakeHost host;
  publish_on_call(host, R"({"id":7})");
  ASSERT_EQ(host.work.topics.size(), 1u);
  EXPECT_EQ(host.work.topics[0].name, "challenge.completed");
  EXPECT_THAT(host.work.topics[0].payload_schema, HasSubstr("challenge_id"));
}

TEST(Events, APayloadBeyondTheLimitIsAHostFailure) {
  FakeHost host;
  Topic<Completed> completed;
  host.load([&](Plugin& plugin) { completed = plugin.event<Completed>("challenge.completed"); });
  host.work.status = CALIXO_LIMIT;
  EXPECT_THROW(completed.publish("", {7}), HostFailure);
}

TEST(Events, AHandlerGetsTheEventAndWritesInItsTransaction) {
  FakeHost host;
  std::vector<std::string> seen;
  host.load([&](Plugin& plugin) {
    plugin.on<Completed>("challenge.completed", "pay",
                         [&](EventContext& event, const Completed& c) {
                           seen = {std::string(event.key()), std::to_string(event.event_id()),
                                   std::to_string(event.attempt()), std::to_string(c.challenge_id)};
                           event.db().execute("insert into rewards values ($1)", c.challenge_id);
                         });
  });
  const auto attempts =
      host.deliver("challenge.completed",
                   {.payload = R"({"challenge_id":3})", .key = "user-1", .id = 44, .attempt = 2});
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].status, CALIXO_OK);
  EXPECT_THAT(seen, ElementsAre("user-1", "44", "2", "3"));
  ASSERT_EQ(host.db.statements.size(), 1u);
  EXPECT_TRUE(host.db.statements[0].is_in_transaction);
  EXPECT_TRUE(host.db.statements[0].is_as_service);
  EXPECT_EQ(host.db.committed, 1);
}

testing::Attempted deliver_to_handler(std::function<void()> body,
                                      const std::string& payload = R"({"challenge_id":3})") {
  FakeHost host;
  host.load([&](Plugin& plugin) {
    plugin.on<Completed>("challenge.completed", "pay",
                         [&](EventContext&, const Completed&) { body(); });
  });
  const testing::Attempted attempt = host.deliver("challenge.completed", {.payload = payload})[0];
  EXPECT_EQ(host.db.open_transactions(), 0);
  return attempt;
}

TEST(Events, AHandlerThatThrowsFailsWithItsReason) {
  const auto attempt = deliver_to_handler([] { throw std::runtime_error("no wallet"); });
  EXPECT_EQ(attempt.status, CALIXO_INTERNAL);
  EXPECT_EQ(attempt.error, "no wallet");
  EXPECT_EQ(deliver_to_handler([] { throw 5; }).status, CALIXO_INTERNAL);
}

TEST(Events, AHandlerMayGiveUp) {
  const auto attempt = deliver_to_handler([] { throw GiveUp("the account is gone"); });
  EXPECT_EQ(attempt.status, CALIXO_INVALID);
  EXPECT_EQ(attempt.error, "the account is gone");
}

TEST(Events, APayloadThatDoesNotFitIsGivenUpUncalled) {
  const auto attempt =
      deliver_to_handler([] { FAIL() << "called"; }, R"({"challenge_id":"three"})");
  EXPECT_EQ(attempt.status, CALIXO_INVALID);
  EXPECT_THAT(attempt.error, HasSubstr("challenge_id type"));
}

TEST(Events, WhatAFailedDeliveryPublishedIsGone) {
  FakeHost host;
  host.load([&](Plugin& plugin) {
    auto paid = plugin.event<Completed>("reward.paid");
    plugin.on<Completed>("challenge.completed", "pay",
                         [paid](EventContext& event, const Completed& completed) {
                           paid.publish(event, event.key(), completed);
                           require(completed.challenge_id != 3, Problem(409, "three"));
                         });
  });
  host.deliver("challenge.completed", {.payload = R"({"challenge_id":3})"});
  EXPECT_TRUE(host.work.published.empty());
  host.deliver("challenge.completed", {.payload = R"({"challenge_id":4})"});
  EXPECT_EQ(host.work.published.size(), 1u);
}

TEST(Events, ASubscriptionOutsideATransactionHasNone) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin
        .on<Completed>("challenge.completed", "call_out",
                       [](EventContext& event, const Completed&) {
                         EXPECT_FALSE(event.is_in_transaction());
                         event.transaction([](Transaction& tx) { tx.execute("select 1"); });
                       })
        .outside_transaction()
        .attempts_max(3)
        .timeout(std::chrono::seconds(2));
  });
  EXPECT_EQ(host.work.subscriptions[0].attempts_max, 3u);
  EXPECT_EQ(host.work.subscriptions[0].timeout_ms, 2000u);
  EXPECT_EQ(host.deliver("challenge.completed", {.payload = R"({"challenge_id":1})"})[0].status,
            CALIXO_OK);
  EXPECT_EQ(host.db.committed, 1);
}

}  // namespace
}  // namespace calixo
