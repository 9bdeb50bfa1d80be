// The embedded PostgreSQL: made once, quick to start, and not to be stopped by what a kill left.
#include "db/embedded_cluster.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

#include "db/host_migrations.hpp"
#include "db/migrator.hpp"
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

namespace fs = std::filesystem;

class Cluster : public ::testing::Test {
 protected:
  // Making a cluster takes seconds: one is made, each test gets a copy.
  static void SetUpTestSuite() {
    std::string pattern = "/tmp/calixo-cluster-XXXXXX";
    made = ::mkdtemp(pattern.data());
    fs::permissions(made, fs::perms::owner_all | fs::perms::others_exec);
    EmbeddedCluster({made, "postgres", ""},
                    [](std::string_view step) { steps_of_first.emplace_back(step); });
  }
  static void TearDownTestSuite() { fs::remove_all(made); }

  // Short, and open to the user that the database runs as.
  Cluster() {
    std::string pattern = "/tmp/calixo-cluster-XXXXXX";
    folder = ::mkdtemp(pattern.data());
    fs::permissions(folder, fs::perms::owner_all | fs::perms::others_exec);
    const std::string copy =
        "cp -a '" + (made / "postgres").string() + "' '" + folder.string() + "'";
    EXPECT_EQ(std::system(copy.c_str()), 0);
  }
  ~Cluster() override { fs::remove_all(folder); }

  std::unique_ptr<EmbeddedCluster> open() { return open(folder); }
  std::unique_ptr<EmbeddedCluster> open(const fs::path& where) {
    steps.clear();
    return std::make_unique<EmbeddedCluster>(
        EmbeddedCluster::Options{where, "postgres", ""},
        [this](std::string_view step) { steps.emplace_back(step); });
  }
  static std::string value(const std::string& url, const std::string& sql) {
    AdminSession session(url);
    const ResultSet result = session.query(sql);
    return std::string(result.value(0, 0).value_or("null"));
  }
  fs::path pid_file() const { return folder / "postgres/cluster/postmaster.pid"; }
  pid_t postmaster() const {
    pid_t pid = 0;
    std::ifstream(pid_file()) >> pid;
    return pid;
  }
  // A server in a process of its own, so that it can be killed. Ready when this returns.
  pid_t open_in_child() {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto cluster = open();
      [[maybe_unused]] const ssize_t written = ::write(ready[1], "x", 1);
      while (true) ::pause();
    }
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return child;
  }

  static inline fs::path made;
  static inline std::vector<std::string> steps_of_first;
  fs::path folder;
  std::vector<std::string> steps;
};

TEST_F(Cluster, IsMadeOnceAndKeepsItsData) {
  {
    const auto cluster = open();
    EXPECT_THAT(steps_of_first,
                ::testing::ElementsAre("creating the database cluster", "starting the database"));
    EXPECT_THAT(steps, ::testing::ElementsAre("starting the database"));
    AdminSession(cluster->url()).execute("create table kept (n int); insert into kept values (3)");
  }
  const auto cluster = open();
  EXPECT_THAT(steps, ::testing::ElementsAre("starting the database"));
  EXPECT_EQ(value(cluster->url(), "select n from kept"), "3");
  EXPECT_TRUE(cluster->is_running());
}

TEST_F(Cluster, GivesTheServerARoleThatIsNoSuperuserAndMayMigrate) {
  const auto cluster = open();
  EXPECT_EQ(value(cluster->url(), "select current_user || current_database()"),
            "calixo_hostcalixo");
  EXPECT_EQ(value(cluster->url(), "select rolsuper from pg_roles where rolname = current_user"),
            "f");
  EXPECT_EQ(value(cluster->superuser_url(), "show fsync"), "on");
  EXPECT_EQ(value(cluster->superuser_url(), "show listen_addresses"), "");
  const MigrationSet plugin{"notes", {{1, "0001_a.sql", "create table a (n int)"}}};
  Migrator(cluster->url(), {host_migrations(), plugin}).up();
  EXPECT_EQ(value(cluster->url(), "select tableowner from pg_tables where tablename = 'a'"),
            "calixo_notes_owner");
  EXPECT_EQ(value(cluster->url(),
                  "select has_function_privilege('calixo_notes',"
                  " 'pg_catalog.set_config(text, text, boolean)', 'execute')"),
            "f");
}

TEST_F(Cluster, RefusesASecondServerOnTheSameFolder) {
  const auto cluster = open();
  try {
    open();
    FAIL() << "a second server started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("another server uses the data folder"));
  }
  EXPECT_EQ(value(cluster->url(), "select 1"), "1");
}

TEST_F(Cluster, StartsAfterItsServerWasKilled) {
  const pid_t server = open_in_child();
  const pid_t orphan = postmaster();
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  const auto cluster = open();
  EXPECT_NE(postmaster(), orphan);
  EXPECT_EQ(value(cluster->url(), "select 1"), "1");
}

TEST_F(Cluster, StartsAfterServerAndPostmasterWereKilled) {
  const pid_t server = open_in_child();
  ::kill(server, SIGSTOP);
  ::kill(postmaster(), SIGKILL);
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  EXPECT_TRUE(fs::exists(pid_file()));
  const auto cluster = open();
  EXPECT_EQ(value(cluster->url(), "select 1"), "1");
}

TEST_F(Cluster, StartsWhereAnotherProcessHasTheOldPid) {
  open().reset();
  const pid_t stranger = ::fork();
  if (stranger == 0) {
    while (true) ::pause();
  }
  std::ofstream(pid_file()) << stranger << "\n" << (folder / "postgres/cluster").string() << "\n";
  std::ofstream(folder / "postgres/.s.PGSQL.5432.lock") << stranger << "\n";
  const auto cluster = open();
  EXPECT_EQ(value(cluster->url(), "select 1"), "1");
  EXPECT_EQ(::kill(stranger, 0), 0) << "the stranger was killed";
  ::kill(stranger, SIGKILL);
  ::waitpid(stranger, nullptr, 0);
}

TEST_F(Cluster, StartsOverAHalfMadeCluster) {
  fs::rename(folder / "postgres/cluster", folder / "postgres/cluster.unfinished");
  fs::remove(folder / "postgres/cluster.unfinished/PG_VERSION");
  const auto cluster = open();
  EXPECT_EQ(value(cluster->url(), "select 1"), "1");
}

TEST_F(Cluster, IsStartedAgainAfterItDied) {
  const auto cluster = open();
  ::kill(postmaster(), SIGKILL);
  EXPECT_TRUE(eventually([&] { return !cluster->is_running(); }));
  cluster->restart({});
  EXPECT_TRUE(cluster->is_running());
  EXPECT_EQ(value(cluster->url(), "select 1"), "1");
}

TEST_F(Cluster, PutsItsSocketElsewhereWhereThePathIsTooLong) {
  const fs::path deep = folder / std::string(60, 'd') / std::string(60, 'e');
  fs::create_directories(deep);
  fs::rename(folder / "postgres", deep / "postgres");
  fs::path sockets;
  {
    const auto cluster = open(deep);
    EXPECT_EQ(value(cluster->url(), "select 1"), "1");
    const std::string url = cluster->url();
    sockets = url.substr(6, url.find('\'', 6) - 6);
    EXPECT_EQ(fs::status(sockets).permissions(), fs::perms::owner_all);
  }
  fs::remove_all(sockets);
}

TEST_F(Cluster, NamesTheFolderThatItsUserCanNotEnter) {
  if (::geteuid() != 0) return;  // then it runs as the user who owns the folder
  fs::create_directories(folder / "closed/data");
  fs::permissions(folder / "closed", fs::perms::owner_all);
  try {
    open(folder / "closed/data");
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("chmod o+x " + (folder / "closed").string()));
  }
}

TEST_F(Cluster, RefusesAFolderWithSomethingElseInIt) {
  fs::remove(folder / "postgres/cluster/PG_VERSION");
  EXPECT_THROW(open(), std::runtime_error);
}

}  // namespace
}  // namespace calixo::host::test
