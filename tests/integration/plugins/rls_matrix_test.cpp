// Walks table x caller x verb with real statements under row level security and holds every cell
// against rls_matrix.txt, the written policy of the whole schema.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "migrated_database.hpp"
#include "rls_scenarios.hpp"

namespace calixo::test {
namespace {

const std::vector<std::string> kVerbs = {"select", "insert", "update", "delete"};
const std::vector<std::string> kCallers = {"anon",  "own",     "other",   "moderator",
                                           "admin", "service", "stranger"};

using Cells = std::map<std::string, std::string>;  // "profiles own select" -> "allowed"

std::string cell_name(const std::string& scenario, const std::string& caller,
                      const std::string& verb) {
  return scenario + " " + caller + " " + verb;
}

Cells read_matrix() {
  std::istringstream file(
      read_file(CALIXO_SOURCE_FOLDER "/tests/integration/plugins/rls_matrix.txt"));
  Cells cells;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string scenario, caller, outcome;
    words >> scenario >> caller;
    for (const std::string& verb : kVerbs) {
      words >> outcome;
      cells[cell_name(scenario, caller, verb)] = outcome;
    }
  }
  return cells;
}

std::string signed_in(const std::string& user_id, const std::string& app_role) {
  return R"({"role":"authenticated","sub":")" + user_id + R"(","app_metadata":{"role":")" +
         app_role + R"("}})";
}

std::string claims_of(const std::string& caller) {
  if (caller == "anon") return R"({"role":"anon"})";
  if (caller == "own") return signed_in(kOwner, "user");
  if (caller == "other") return signed_in(kOther, "user");
  if (caller == "moderator") return signed_in(kModerator, "moderator");
  if (caller == "admin") return signed_in(kAdmin, "admin");
  return R"({"role":"service_role"})";
}

std::string role_of(const Scenario& scenario, const std::string& caller) {
  if (caller != "stranger") return host::runtime_role(scenario.plugin);
  return host::runtime_role(scenario.plugin == "notifications" ? "store" : "notifications");
}

class RlsMatrix : public testing::Test {
 protected:
  RlsMatrix() : connection_(database_.conninfo()) {
    connection_.run(filled_in(kFixture));
    attempt_ = connection_.value("select id from user_challenges");
    challenge_ = connection_.value("select min(id) from challenges");
  }

  std::string filled_in(std::string text) const {
    const std::vector<std::pair<std::string, std::string>> words = {
        {"{owner}", kOwner},        {"{other}", kOther},   {"{moderator}", kModerator},
        {"{admin}", kAdmin},        {"{friend}", kFriend}, {"{attempt}", attempt_},
        {"{challenge}", challenge_}};
    for (const auto& [word, value] : words) {
      for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
        text.replace(at, word.size(), value);
      }
    }
    return text;
  }

  std::string statement(const Scenario& scenario, const std::string& verb) const {
    const std::string where = " where " + scenario.row;
    if (verb == "select") {
      return "select " + scenario.columns + " from " + scenario.table() + where;
    }
    if (verb == "insert") return scenario.insert;
    if (verb == "update") return "update " + scenario.table() + " set " + scenario.update + where;
    return "delete from " + scenario.table() + where;
  }

  // Nothing of a cell outlives it: each runs in a transaction that is rolled back.
  std::string outcome(const Scenario& scenario, const std::string& caller,
                      const std::string& verb) {
    connection_.run("begin");
    if (!scenario.before.empty()) connection_.run(filled_in(scenario.before));
    if (verb == "insert" && !scenario.before_insert.empty()) {
      connection_.run(filled_in(scenario.before_insert));
    }
    connection_.run("set local role " + role_of(scenario, caller));
    connection_.run("set local request.jwt.claims = '" + claims_of(caller) + "'");
    const Result result = connection_.attempt(filled_in(statement(scenario, verb)));
    const std::string state = sqlstate(result);
    const std::string rows =
        verb == "select" ? std::to_string(PQntuples(result.get())) : PQcmdTuples(result.get());
    connection_.run("rollback");
    if (state == "42501") return "denied";
    if (!state.empty()) return "error:" + state;
    return rows == "0" ? "filtered" : "allowed";
  }

  MigratedDatabase database_;
  Connection connection_;
  std::string attempt_;
  std::string challenge_;
};

TEST_F(RlsMatrix, EveryCellAnswersAsWritten) {
  Cells written = read_matrix();
  for (const Scenario& scenario : all_scenarios()) {
    for (const std::string& caller : kCallers) {
      for (const std::string& verb : kVerbs) {
        const std::string cell = cell_name(scenario.name, caller, verb);
        EXPECT_EQ(written[cell], outcome(scenario, caller, verb)) << cell;
        written.erase(cell);
      }
    }
  }
  for (const auto& [cell, outcome] : written) {
    ADD_FAILURE() << "rls_matrix.txt has a row that no scenario walks: " << cell;
  }
}

TEST_F(RlsMatrix, EveryPublicTableIsForcedUnderPoliciesAndStandsInTheMatrix) {
  std::set<std::string> walked;
  for (const Scenario& scenario : all_scenarios()) walked.insert(scenario.table());
  const Result tables = connection_.run(
      "select relname, relrowsecurity and relforcerowsecurity "
      "from pg_class "
      "where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')");
  EXPECT_GE(PQntuples(tables.get()), 15);
  for (int row = 0; row < PQntuples(tables.get()); ++row) {
    const std::string table = PQgetvalue(tables.get(), row, 0);
    EXPECT_STREQ(PQgetvalue(tables.get(), row, 1), "t") << table << " is not forced under RLS";
    EXPECT_TRUE(walked.contains(table)) << table << " has no row in rls_matrix.txt";
  }
}

TEST_F(RlsMatrix, NoTableIsGrantedToAnybodyButItsPlugin) {
  const auto foreign = connection_.column(
      "select table_name || ' to ' || grantee || ': ' || privilege_type "
      "from information_schema.role_table_grants join pg_tables "
      "on schemaname = table_schema and tablename = table_name "
      "where table_schema = 'public' and grantee <> tableowner "
      "and grantee || '_owner' <> tableowner "
      "and (grantee <> 'calixo_host_runtime' or tablename not in "
      "('config', 'outbox_subscribers', 'outbox_events', 'outbox_deliveries', 'jobs', "
      "'job_schedules', 'idempotency_keys'))");
  EXPECT_TRUE(foreign.empty()) << foreign.front();
}

TEST_F(RlsMatrix, PasswordHashIsHandedToTheServiceAlone) {
  const auto read_as = [&](const std::string& caller, const std::string& sql) {
    connection_.run("begin; set local role calixo_auth");
    connection_.run("set local request.jwt.claims = '" + claims_of(caller) + "'");
    const Result result = connection_.attempt(filled_in(sql));
    const std::string state = sqlstate(result);
    const std::string value = state.empty() ? PQgetvalue(result.get(), 0, 0) : state;
    connection_.run("rollback");
    return value;
  };
  EXPECT_EQ(read_as("own", "select password_hash from users where id = '{owner}'"), "42501");
  EXPECT_EQ(read_as("service", "select password_hash from users where id = '{owner}'"), "42501");
  EXPECT_EQ(read_as("own", "select auth_password_hash('{owner}')"), "");
  EXPECT_EQ(read_as("admin", "select auth_password_hash('{owner}')"), "");
  EXPECT_EQ(read_as("service", "select auth_password_hash('{owner}')"), "hash");
}

TEST_F(RlsMatrix, AnotherPluginCantAskForAPasswordHash) {
  connection_.run("begin; set local role calixo_store");
  connection_.run("set local request.jwt.claims = '{\"role\":\"service_role\"}'");
  EXPECT_EQ(sqlstate(connection_.attempt(filled_in("select auth_password_hash('{owner}')"))),
            "42501");
  connection_.run("rollback");
}

}  // namespace
}  // namespace calixo::test
