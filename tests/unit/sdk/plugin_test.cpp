// What a plugin registers, the steps of its life, and the small helpers around it.
#include <cxxabi.h>
#include <gtest/gtest.h>
#include <calixo/testing/fake_host.hpp>

namespace {

int described = 0;
struct Fake {
  int number = 7;
};

}  // namespace

CALIXO_PLUGIN("org.example.test", "1.2.3", plugin) {
  ++described;
  auto& owned = plugin.own<Fake>();
  plugin.get("/n", [&owned](calixo::Context&) { return owned.number; });
  const auto limit = plugin.key<std::int64_t>("test.limit_max", 5).min(1).max(9).setting();
  plugin.on_configure([limit] {
    if (limit.get() == 9) throw std::runtime_error("test.limit_max: 9 is not to be");
  });
}

namespace calixo::test {
namespace {

using testing::Answer;
using testing::FakeHost;

TEST(Plugin, EntryTellsWhatItIs) {
  const calixo_plugin* entry = calixo_plugin_entry();
  EXPECT_EQ(entry->magic, CALIXO_ABI_MAGIC);
  EXPECT_EQ(entry->struct_size, sizeof(calixo_plugin));
  EXPECT_STREQ(entry->id, "org.example.test");
  EXPECT_STREQ(entry->version, "1.2.3");
}

TEST(Plugin, EntryLeadsThroughTheWholeLife) {
  FakeHost host;
  described = 0;
  host.load(calixo_plugin_entry());
  EXPECT_EQ(host.call({.path = "/n"}).body, "7");
  EXPECT_EQ(described, 1);
}

TEST(Plugin, StepThatRefusesGivesItsReason) {
  FakeHost host;
  host.set_config("test.limit_max", "9");
  try {
    host.load(calixo_plugin_entry());
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "test.limit_max: 9 is not to be");
  }
}

TEST(Plugin, RefusedRegistrationNamesTheThing) {
  FakeHost host;
  host.registry_status = CALIXO_CONFLICT;
  try {
    host.load([](Plugin& plugin) { plugin.get("/x", [](Context&) {}); });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("route GET /x"), std::string::npos) << error.what();
  }
}

TEST(Plugin, RegistersAllThatIsSaidOfARoute) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.patch("/x", [](Context&) {})
        .allow(Role::user | Role::admin)
        .summary("Does x.")
        .tag("xs")
        .deadline(std::chrono::seconds(10))
        .body_bytes_max(99)
        .exec_thread()
        .read_only()
        .hidden()
        .consumes("text/plain")
        .produces("text/csv")
        .problem(404, "x_not_found")
        .problem(409, "x_taken");
  });
  const auto& route = host.routes.at(0);
  EXPECT_EQ(route.method, "PATCH");
  EXPECT_EQ(route.roles, CALIXO_ROLE_USER | CALIXO_ROLE_ADMIN);
  EXPECT_EQ(route.deadline_ms, 10000u);
  EXPECT_EQ(route.body_bytes_max, 99u);
  EXPECT_EQ(route.flags, CALIXO_ROUTE_EXEC_THREAD | CALIXO_ROUTE_READ_ONLY | CALIXO_ROUTE_HIDDEN);
  EXPECT_EQ(route.problem_codes, "404:x_not_found 409:x_taken");
  EXPECT_EQ(route.success_status, 204);
}

TEST(Plugin, KeysAreRegisteredAndRead) {
  FakeHost host;
  Setting<std::string> name;
  Setting<bool> on;
  Setting<double> rate;
  host.set_config("t.name", std::string(500, 'n'));
  host.load([&](Plugin& plugin) {
    name = plugin.key<std::string>("t.name", "a").choices({"a", "b"}).secret();
    on = plugin.key<bool>("t.on", true).runtime().is_public();
    rate = plugin.key<double>("t.rate", 0.25).min(0);
    plugin.key<std::int64_t>("t.free").required();
  });
  EXPECT_EQ(name.get(), std::string(500, 'n'));
  EXPECT_TRUE(on.get());
  EXPECT_EQ(rate.get(), 0.25);
  EXPECT_EQ(host.keys["t.name"].choices, "a|b");
  EXPECT_EQ(host.keys["t.on"].flags, CALIXO_KEY_RUNTIME | CALIXO_KEY_PUBLIC);
  EXPECT_EQ(host.keys["t.rate"].min, 0);
  EXPECT_GT(host.keys["t.rate"].max, 1e18);
  EXPECT_GT(host.keys["t.free"].min, host.keys["t.free"].max);
  EXPECT_THROW(Setting<bool>().get(), std::logic_error);
}

TEST(Plugin, ServicesAreFoundAtStart) {
  struct Table {
    int answer;
  };
  const Table table{42};
  FakeHost host;
  host.provide("x.wallet/1", &table);
  Needed<Table> wallet, other;
  host.load([&](Plugin& plugin) {
    plugin.offer("x.mine/1", &table);
    wallet = plugin.need<Table>("x.wallet/1");
    other = plugin.need<Table>("x.other/1", Need::optional);
    EXPECT_EQ(wallet.get(), nullptr);
  });
  EXPECT_EQ(wallet->answer, 42);
  EXPECT_FALSE(other);
  EXPECT_EQ(host.offers.at("x.mine/1"), &table);

  FakeHost poor;
  EXPECT_THROW(poor.load([](Plugin& plugin) { plugin.need<Table>("x.wallet/1"); }),
               std::runtime_error);
}

TEST(Plugin, CommandsAnswerAStatusAndNeverThrow) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.command("things add", "Adds.", "NAME",
                   [](const std::vector<std::string>& arguments, Output& output) {
                     if (arguments.empty()) throw Problem(422, "name_missing").message("a name");
                     output.line("added " + arguments[0]);
                     return 0;
                   });
  });
  std::string output;
  EXPECT_EQ(host.run_command("things add", {"x"}, output), 0);
  EXPECT_EQ(output, "added x\n");
  EXPECT_EQ(host.run_command("things add", {}, output), 1);
  EXPECT_NE(output.find("name_missing: a name"), std::string::npos);
}

TEST(Plugin, MigrationsMessagesAndDependenciesReachTheHost) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.migration(1, "0001_x.sql", "select 1");
    plugin.message("x_gone", {.es = "No está.", .en = "Is gone."});
    plugin.depend("auth");
    EXPECT_THROW(plugin.migrations(), std::logic_error);
  });
  EXPECT_EQ(host.migrations.at(0).second, "select 1");
  EXPECT_EQ(host.messages["x_gone"]["es"], "No está.");
  EXPECT_EQ(host.depends.at(0), "auth");
}

TEST(Plugin, DrainAndStopGoOnAfterAFailedStep) {
  FakeHost host;
  bool is_stopped = false;
  host.load([&](Plugin& plugin) {
    plugin.on_stop([] { throw 1; });
    plugin.on_stop([&] { is_stopped = true; });
  });
  host.drain();
  host.stop();
  EXPECT_TRUE(is_stopped);
  EXPECT_TRUE(host.has_logged("step failed"));
}

TEST(Log, CarriesTypedFields) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.log().info("thing made", {{"id", 7}, {"name", "n"}, {"on", true}, {"ratio", 0.5}});
  });
  EXPECT_EQ(host.logs.at(0).fields,
            (std::map<std::string, std::string>{
                {"id", "7"}, {"name", "n"}, {"on", "true"}, {"ratio", "0.5"}}));
}

TEST(Mutex, UnlocksAtTheEndOfItsGuardAndRefusesACancelledWait) {
  FakeHost host;
  host.load([](Plugin&) {});
  Mutex mutex(host.plugin());
  {
    const auto guard = mutex.lock();
    EXPECT_EQ(host.mutexes_locked, 1);
  }
  EXPECT_EQ(host.mutexes_locked, 0);
  host.wait_status = CALIXO_CANCELLED;
  EXPECT_THROW((void)mutex.lock(), HostFailure);
}

TEST(ExceptionStateGuard, HidesAndRestoresWhatIsBeingHandled) {
  try {
    throw std::runtime_error("outer");
  } catch (...) {
    {
      const ExceptionStateGuard guard;
      EXPECT_EQ(std::current_exception(), nullptr);
      try {
        throw 5;
      } catch (int) {
      }
    }
    ASSERT_NE(std::current_exception(), nullptr);
    EXPECT_THROW(throw, std::runtime_error);
  }
}

TEST(ExceptionStateGuard, StandsAroundEverySuspendingCall) {
  FakeHost host;
  int suspensions = 0, dirty = 0;
  host.on_suspend = [&] {
    ++suspensions;
    if (std::current_exception() != nullptr || std::uncaught_exceptions() != 0) ++dirty;
  };
  host.load([](Plugin& plugin) {
    plugin.own<Mutex>(plugin);
    plugin.get("/", [&plugin](Context& context) {
      Mutex mutex(plugin);
      try {
        throw std::runtime_error("x");
      } catch (const std::runtime_error&) {
        const auto guard = mutex.lock();
        context.db().query("select");
        context.sleep(1);
        context.run_blocking([] {});
        context.transaction([](Transaction& tx) { tx.batch().add("a").run(); });
        try {
          context.transaction([](Transaction&) { throw 1; });  // rolls back while unwinding
        } catch (int) {
        }
        return std::current_exception() != nullptr ? 1 : 0;
      }
    });
  });
  EXPECT_EQ(host.call({.path = "/"}).body, "1");
  EXPECT_EQ(suspensions, 9);
  EXPECT_EQ(dirty, 0);
}

TEST(Timestamp, ReadsAndWritesRfc3339) {
  EXPECT_EQ(Timestamp::parse("1969-12-31T23:59:59.999999Z")->unix_us, -1);
  EXPECT_EQ(Timestamp{-1}.text(), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(Timestamp::parse("2024-02-29T00:00:00+14:00")->text(), "2024-02-28T10:00:00Z");
  EXPECT_EQ(Timestamp{-1}.unix_s(), -1);
  for (const char* bad :
       {"", "2024-02-30T00:00:00Z", "2024-02-29 00:00:00Z", "2024-02-29T24:00:00Z",
        "2024-02-29T00:00:60Z", "2024-02-29T00:00:00", "2024-02-29T00:00:00.Z",
        "2024-02-29T00:00:00+1:00", "2024-02-29T00:00:00Zx", "2024-13-01T00:00:00Z",
        "0000-01-01T00:59:59+01:00", "9999-12-31T23:00:00-01:00"}) {
    EXPECT_FALSE(Timestamp::parse(bad)) << bad;
  }
  EXPECT_EQ(Timestamp::parse("0000-01-01T01:00:00+01:00")->text(), "0000-01-01T00:00:00Z");
  EXPECT_TRUE(Timestamp::parse_sql("2024-02-29 00:00:00.123456-03"));
  EXPECT_FALSE(Timestamp::parse_sql("infinity"));
}

TEST(Result, IsAValueOrItsProblem) {
  EXPECT_EQ(Result<int>(3).value_or(4), 3);
  EXPECT_EQ(Result<int>(not_found("x")).value_or(4), 4);
  EXPECT_EQ(Result<int>(not_found("x")).problem().code(), "x_not_found");
  EXPECT_THROW(Result<int>(not_found("x")).or_fail(conflict("y")), Problem);
}

}  // namespace
}  // namespace calixo::test
