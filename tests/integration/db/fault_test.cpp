// Load, deadlines, and a PostgreSQL that goes away and comes back.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "db/embedded_cluster.hpp"
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

using std::chrono::milliseconds;

class DatabaseFaults : public ::testing::Test {
 protected:
  TestDatabase postgres;
  Loops loops{2};
};

TEST_F(DatabaseFaults, AnswersTenThousandQueuedRuns) {
  DatabaseOptions options = options_for(postgres);
  options.wait_queue_length_max = 20'000;
  Database database(options, loops.list());
  loops.run([&] {
    int right = 0;
    int left = 10'000;
    Completion all;
    const Completion::Handle done = all.handle();
    for (int i = 0; i < 10'000; ++i) {
      loops[0].spawn([&, i, done] {
        const std::string number = std::to_string(i);
        if (query(database, "select $1::int", {number}).text() == number) ++right;
        if (--left == 0) done.complete();
      });
    }
    all.wait();
    EXPECT_EQ(right, 10'000);
  });
  EXPECT_EQ(database.stats().waiting, 0u);
  EXPECT_EQ(database.stats().statements, 10'000u);
}

TEST_F(DatabaseFaults, RefuseRunsBeyondTheQueue) {
  DatabaseOptions options = options_for(postgres);
  options.pipelines_per_loop = 1;
  options.pipeline_depth_max = 1;
  options.wait_queue_length_max = 2;
  Database database(options, loops.list());
  loops.run([&] {
    int overloaded = 0;
    int answered = 0;
    int left = 6;
    Completion all;
    const Completion::Handle done = all.handle();
    EXPECT_EQ(query(database, "select 1").status, DbStatus::ok);
    for (int i = 0; i < 6; ++i) {
      loops[0].spawn([&, done] {
        const DbStatus status = query(database, "select pg_sleep(0.05)").status;
        (status == DbStatus::overloaded ? overloaded : answered) += 1;
        if (--left == 0) done.complete();
      });
    }
    all.wait();
    EXPECT_EQ(answered, 3);
    EXPECT_EQ(overloaded, 3);
  });
}

TEST_F(DatabaseFaults, LetAWaiterLeaveAtItsDeadlineAndDropTheAnswer) {
  DatabaseOptions options = options_for(postgres);
  options.pipelines_per_loop = 1;
  Database database(options, loops.list());
  loops.run([&] {
    Fiber::current()->set_deadline(Deadline::in(milliseconds(30)));
    EXPECT_EQ(query(database, "select pg_sleep(0.3), 'late'").status, DbStatus::timed_out);
  });
  loops.run([&] { EXPECT_EQ(query(database, "select 'mine'").text(), "mine"); });
}

TEST_F(DatabaseFaults, LetACancelledFiberLeaveWhileItWaitsForRoom) {
  DatabaseOptions options = options_for(postgres);
  options.pipelines_per_loop = 1;
  options.pipeline_depth_max = 1;
  Database database(options, loops.list());
  loops.run([&] {
    EXPECT_EQ(query(database, "select 1").status, DbStatus::ok);
    int left = 2;
    Completion all;
    const Completion::Handle done = all.handle();
    loops[0].spawn([&, done] {
      EXPECT_EQ(query(database, "select pg_sleep(0.1)").status, DbStatus::ok);
      if (--left == 0) done.complete();
    });
    Fiber* const waiting = loops[0].spawn([&, done] {
      EXPECT_EQ(query(database, "select 2").status, DbStatus::cancelled);
      if (--left == 0) done.complete();
    });
    sleep_for(milliseconds(10));
    EXPECT_EQ(database.stats().waiting, 1u);
    waiting->cancel();
    all.wait();
    EXPECT_EQ(database.stats().waiting, 0u);
    EXPECT_EQ(query(database, "select 3").text(), "3");
  });
}

TEST_F(DatabaseFaults, EndStatementsAtTheStatementDeadline) {
  DatabaseOptions options = options_for(postgres);
  options.statement_deadline = milliseconds(100);
  Database database(options, loops.list());
  loops.run([&] {
    EXPECT_EQ(query(database, "select pg_sleep(30)").status, DbStatus::timed_out);
    EXPECT_TRUE(eventually([&] { return query(database, "select 1").status == DbStatus::ok; }));
  });
}

TEST_F(DatabaseFaults, ServeWorkerThreads) {
  Database database(options_for(postgres), loops.list());
  std::vector<std::future<int>> threads;
  for (int t = 0; t < 4; ++t) {
    threads.push_back(std::async(std::launch::async, [&database, t] {
      int right = 0;
      for (int i = 0; i < 50; ++i) {
        const std::string number = std::to_string(t * 1000 + i);
        if (query(database, "select $1::int", {number}).text() == number) ++right;
      }
      return right;
    }));
  }
  for (auto& thread : threads) EXPECT_EQ(thread.get(), 50);
}

TEST_F(DatabaseFaults, AnswerUnavailableAtOnceWhereThereIsNoDatabase) {
  DatabaseOptions options;
  options.url = "host=/nonexistent";
  Database database(options, loops.list());
  loops.run([&] {
    EXPECT_EQ(query(database, "select 1").status, DbStatus::unavailable);
    std::unique_ptr<Transaction> transaction;
    EXPECT_EQ(database.begin({}, transaction), DbStatus::unavailable);
  });
  EXPECT_FALSE(database.is_available());
  EXPECT_GE(database.retry_after(), milliseconds(0));
  EXPECT_LE(database.retry_after(), options.reconnect_backoff_max);
}

TEST_F(DatabaseFaults, DrainEndsWhatRunsAndRefusesTheRest) {
  Database database(options_for(postgres), loops.list());
  loops.run([&] {
    EXPECT_EQ(query(database, "select 1").status, DbStatus::ok);
    int left = 1;
    Completion all;
    const Completion::Handle done = all.handle();
    loops[0].spawn([&, done] {
      EXPECT_EQ(query(database, "select pg_sleep(0.1)").status, DbStatus::ok);
      if (--left == 0) done.complete();
    });
    sleep_for(milliseconds(10));
    database.drain();
    sleep_for(milliseconds(10));
    EXPECT_EQ(query(database, "select 1").status, DbStatus::unavailable);
    all.wait();
  });
  EXPECT_TRUE(eventually([&] { return database.stats().connections == 0; }));
}

// Every answer under the storm is right or says that there is none.
struct Storm {
  std::atomic<int> right{0};
  std::atomic<int> wrong{0};
  std::atomic<int> unavailable{0};
  std::atomic<bool> is_ending{false};

  void blow(Database& database, int seed) {
    for (int i = 0; !is_ending; ++i) {
      const std::string number = std::to_string(seed * 1'000'000 + i);
      if (i % 10 == 0) {
        in_transaction(database, number);
      } else {
        count(query(database, "select $1::int", {number}), number);
      }
    }
  }
  void in_transaction(Database& database, const std::string& number) {
    std::unique_ptr<Transaction> transaction;
    const DbStatus status = database.begin({}, transaction);
    if (status != DbStatus::ok) return count({status, {}}, number);
    count(query(*transaction, "select $1::int", {number}), number);
  }
  void count(const Answer& answer, const std::string& number) {
    if (answer.status == DbStatus::ok) {
      (answer.text() == number ? right : wrong) += 1;
    } else if (answer.status == DbStatus::unavailable) {
      ++unavailable;
      sleep_for(milliseconds(1));
    } else {
      ++wrong;
    }
  }
};

TEST_F(DatabaseFaults, SurviveTerminatedBackendsUnderLoad) {
  Database database(options_for(postgres), loops.list());
  Storm storm;
  std::vector<std::future<void>> fibers;
  for (int i = 0; i < 32; ++i) {
    fibers.push_back(loops.start([&storm, &database, i] { storm.blow(database, i); },
                                 static_cast<std::size_t>(i % 2)));
  }
  AdminSession killer(server_url());
  for (int round = 0; round < 10; ++round) {
    const int before = storm.right;
    EXPECT_TRUE(eventually([&] { return storm.right > before + 100; }));
    killer.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
                 {postgres.name()});
  }
  const int before = storm.right;
  EXPECT_TRUE(eventually([&] { return storm.right > before + 100; }));
  storm.is_ending = true;
  for (auto& fiber : fibers) fiber.get();
  EXPECT_EQ(storm.wrong, 0);
  EXPECT_GT(storm.unavailable, 0);
  EXPECT_GT(database.stats().reconnects, 0u);
}

TEST(DatabaseRecovery, SurvivesPostgresKilledAndStartedAgainUnderLoad) {
  std::string pattern = "/tmp/calixo-recovery-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  std::filesystem::permissions(folder, std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add);
  {
    EmbeddedCluster cluster({folder, "postgres", ""}, {});
    Loops loops{2};
    DatabaseOptions options;
    options.url = cluster.url();
    Database database(options, loops.list());
    Storm storm;
    std::vector<std::future<void>> fibers;
    for (int i = 0; i < 16; ++i) {
      fibers.push_back(loops.start([&storm, &database, i] { storm.blow(database, i); },
                                   static_cast<std::size_t>(i % 2)));
    }
    const auto answers_come = [&] {
      const int before = storm.right;
      return eventually([&] { return storm.right > before + 100; });
    };
    EXPECT_TRUE(answers_come());
    pid_t postmaster = 0;
    std::ifstream(folder / "postgres/cluster/postmaster.pid") >> postmaster;
    ::kill(postmaster, SIGKILL);
    EXPECT_TRUE(eventually([&] { return !cluster.is_running(); }));
    cluster.restart({});  // ends the backends that the kill left
    EXPECT_TRUE(answers_come());
    EXPECT_TRUE(eventually([&] { return database.is_available(); }));
    cluster.restart({});  // an orderly stop and start
    EXPECT_TRUE(answers_come());
    storm.is_ending = true;
    for (auto& fiber : fibers) fiber.get();
    EXPECT_EQ(storm.wrong, 0);
    EXPECT_GT(storm.unavailable, 0);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace calixo::host::test
