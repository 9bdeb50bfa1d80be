// The handlers on a fake host: no server, no database.
#include <gtest/gtest.h>
#include <calixo/testing/fake_host.hpp>

namespace {

using calixo::testing::Answer;
using calixo::testing::Caller;
using calixo::testing::FakeHost;
using calixo::testing::Statement;

constexpr const char* kUser = "5f0c1e9a-53d1-4d5b-9d2c-0b8a53f0f6a1";

class SampleName : public testing::Test {
 protected:
  SampleName() { host.load(calixo_plugin_entry()); }
  FakeHost host;
};

TEST_F(SampleName, GreetsInTheCallersLanguage) {
  EXPECT_EQ(host.call({.path = "/api/sample_name/hello", .query = "name=Ana"}).body,
            R"({"message":"Hello, Ana!"})");
  EXPECT_EQ(
      host.call({.path = "/api/sample_name/hello", .query = "name=Ana", .language = "es"}).body,
      R"({"message":"Hola, Ana!"})");
}

TEST_F(SampleName, RefusesANamelessGreeting) {
  const auto answer = host.call({.path = "/api/sample_name/hello"});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.problem_code, "validation_failed");
}

TEST_F(SampleName, KeepsANoteAsItsCaller) {
  host.db.on_statement = [](const Statement& statement) {
    Answer answer;
    answer.columns = {"id", "text", "created_at"};
    answer.rows = {{"1", statement.parameters[1], "2026-01-31 12:00:00+00"}};
    return answer;
  };
  const auto answer = host.call({.method = "POST",
                                 .path = "/api/sample_name/notes",
                                 .body = R"({"text":"half an hour outside"})",
                                 .caller = Caller::user(kUser)});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json().at("text"), "half an hour outside");
  ASSERT_EQ(host.db.statements.size(), 1u);
  EXPECT_EQ(host.db.statements[0].parameters[0], kUser);
  EXPECT_FALSE(host.db.statements[0].is_as_service);
}

TEST_F(SampleName, ShowsNotesToNobodyWithoutAnAccount) {
  EXPECT_EQ(host.call({.path = "/api/sample_name/notes"}).status, 401);
}

TEST_F(SampleName, BringsItsTable) {
  ASSERT_EQ(host.migrations.size(), 1u);
  EXPECT_NE(host.migrations[0].second.find("create table sample_name_notes"), std::string::npos);
}

}  // namespace
