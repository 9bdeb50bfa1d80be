#include <gmock/gmock.h>

#include <calixo/testing/fake_host.hpp>

namespace calixo {
namespace {

using testing::FakeHost;

struct Expiry {
  std::int64_t attempt_id;
};
BOOST_DESCRIBE_STRUCT(Expiry, (), (attempt_id))

TEST(Jobs, EnqueueKeepsPayloadTimeAndUniqueKey) {
  FakeHost host;
  Job<Expiry> expire;
  host.load([&](Plugin& plugin) {
    expire = plugin.job<Expiry>("expire_attempt", [](JobContext&, const Expiry&) {});
  });
  EXPECT_TRUE(expire.enqueue({5}, {.not_before = Timestamp::from_unix_s(9), .unique_key = "5"}));
  ASSERT_EQ(host.work.enqueued.size(), 1u);
  EXPECT_EQ(host.work.enqueued[0].job, "expire_attempt");
  EXPECT_EQ(host.work.enqueued[0].payload, R"({"attempt_id":5})");
  EXPECT_EQ(host.work.enqueued[0].run_at_us, 9'000'000);
  EXPECT_FALSE(expire.enqueue({5}, {.unique_key = "5"})) << "the key is taken";
  EXPECT_TRUE(expire.enqueue({5})) << "without a key nothing is the same";
}

TEST(Jobs, EnqueueInATransactionThatIsRolledBackNeverWas) {
  FakeHost host;
  Job<Expiry> expire;
  host.load([&](Plugin& plugin) {
    expire = plugin.job<Expiry>("expire_attempt", [](JobContext&, const Expiry&) {});
  });
  const auto failing = [&](Transaction& tx) {
    expire.enqueue(tx, {5});
    throw std::runtime_error("no");
  };
  EXPECT_THROW(host.plugin().service_transaction(failing), std::runtime_error);
  EXPECT_TRUE(host.work.enqueued.empty());
}

TEST(Jobs, ARunGetsItsPayload) {
  FakeHost host;
  std::int64_t seen = 0;
  host.load([&](Plugin& plugin) {
    plugin
        .job<Expiry>("expire_attempt",
                     [&](JobContext& job, const Expiry& expiry) {
                       EXPECT_TRUE(job.is_in_transaction());
                       seen = expiry.attempt_id + job.run_at().unix_s();
                     })
        .in_transaction()
        .one_at_a_time()
        .attempts_max(2);
  });
  const auto run =
      host.run_job("expire_attempt", {.payload = R"({"attempt_id":5})", .at_us = 1'000'000});
  EXPECT_EQ(run.status, CALIXO_OK);
  EXPECT_EQ(seen, 6);
  EXPECT_EQ(host.work.jobs[0].attempts_max, 2u);
  EXPECT_EQ(host.work.jobs[0].flags, CALIXO_JOB_IN_TRANSACTION | CALIXO_JOB_ONE_AT_A_TIME);
  EXPECT_EQ(host.db.committed, 1);
}

TEST(Jobs, EveryRegistersItsInterval) {
  FakeHost host;
  int runs = 0;
  host.load([&](Plugin& plugin) {
    plugin.every(std::chrono::minutes(5), "sweep", [&](JobContext& job) {
      EXPECT_FALSE(job.is_in_transaction());
      ++runs;
    });
  });
  EXPECT_EQ(host.work.jobs[0].every_ms, 300'000u);
  EXPECT_EQ(host.run_job("sweep").status, CALIXO_OK);
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace calixo
