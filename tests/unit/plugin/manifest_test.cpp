#include "plugin/manifest.hpp"

#include <gmock/gmock.h>

#include <random>

namespace calixo::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RegisteredRoute route(const std::string& path, RoleSet roles = CALIXO_ROLE_USER) {
  RegisteredRoute made;
  made.route.method = "GET";
  made.route.path = path;
  made.route.roles = roles;
  made.response_schema = R"({"type": "object",  "properties": {"n": {"minimum": 1.5}}})";
  return made;
}

// Something of every kind.
Registrations everything() {
  Registrations all;
  all.routes = {route("/a"), route("/b", ~RoleSet{0})};
  Key key;
  key.name = "x.limit";
  key.type = KeyType::integer;
  key.min = 0;
  key.secret = true;
  all.keys = {key};
  all.migrations = {{2, "0002_b.sql", "create table b (n int)"},
                    {1, "0001_a.sql", "create table a (n int)"}};
  all.commands.push_back({"x run", "runs", "--now", nullptr, nullptr});
  all.offers = {{"x.service/1", "table"}};
  all.needs = {{"y.service/1", true}};
  all.depends = {"auth"};
  all.messages = {{"gone", "en", "It is gone."}};
  all.points = {"x.point/1"};
  all.extensions = {{"y.point/1", "plank", R"({"a": 1})", "table"}};
  all.grants = {{"users", "select", {"email", "id"}, "because"}};
  return all;
}

Manifest of(const Registrations& registrations) {
  Manifest manifest = manifest_of("x", "1.2.3", 1, 0, registrations);
  manifest.build["compiler"] = "GNU 12";
  return manifest;
}

TEST(Manifest, ReadsBackWhatItWrote) {
  const std::string text = to_json(of(everything()));
  const Manifest read = parse_manifest(text);
  EXPECT_EQ(to_json(read), text);
  EXPECT_THAT(read.tables, ElementsAre("a", "b"));
  EXPECT_EQ(read.registrations.migrations.at(0).name, "0001_a.sql");
  EXPECT_EQ(read.registrations.migrations.at(0).sha256.size(), 64u);
  EXPECT_EQ(read.registrations.routes.at(0).route.roles, CALIXO_ROLE_USER);
  EXPECT_EQ(read.registrations.routes.at(1).route.roles, ~RoleSet{0});
  EXPECT_EQ(first_difference(read, of(everything())), "");
}

TEST(Manifest, IsTheSameInWhicheverOrderThingsAreRegistered) {
  Registrations turned = everything();
  std::swap(turned.routes[0], turned.routes[1]);
  std::swap(turned.migrations[0], turned.migrations[1]);
  EXPECT_EQ(to_json(of(turned)), to_json(of(everything())));
}

TEST(Manifest, NamesTheFirstDifference) {
  const auto difference = [](auto change) {
    Registrations changed = everything();
    change(changed);
    return first_difference(of(everything()), of(changed));
  };
  EXPECT_EQ(difference([](Registrations& all) { all.routes[0].route.roles = CALIXO_ROLE_ADMIN; }),
            "routes[0].roles[0]: the file says \"user\", it registers \"admin\"");
  EXPECT_THAT(difference([](Registrations& all) { all.migrations[0].sql = "select 1"; }),
              HasSubstr("tables: the file has \"b\""));
  EXPECT_THAT(difference([](Registrations& all) { all.grants.clear(); }),
              HasSubstr("grants: the file has {\"table\":\"users\""));
  EXPECT_THAT(difference([](Registrations& all) { all.depends.push_back("store"); }),
              HasSubstr("depends: the file does not have \"store\", which it registers"));
  Manifest other = of(everything());
  other.build["compiler"] = "Clang 14";
  EXPECT_EQ(first_difference(of(everything()), other), "");
  other.version = "1.2.4";
  EXPECT_EQ(first_difference(of(everything()), other),
            "version: the file says \"1.2.3\", it registers \"1.2.4\"");
}

TEST(Manifest, NamesTheMemberThatDoesNotFit) {
  const auto reason = [](const std::string& text) -> std::string {
    try {
      parse_manifest(text);
      return {};
    } catch (const ManifestError& error) {
      return error.what();
    }
  };
  const std::string head = R"({"form":1,"id":"x","version":"1","abi_major":1,"abi_minor":0)";
  EXPECT_EQ(reason(head + "}"), "");
  EXPECT_THAT(reason("nonsense"), HasSubstr("not JSON"));
  EXPECT_THAT(reason("[]"), HasSubstr("an object is expected"));
  EXPECT_THAT(reason(R"({"form":2})"), HasSubstr("upgrade the server"));
  EXPECT_THAT(reason(R"({"form":1})"), HasSubstr("id is missing"));
  EXPECT_THAT(reason(head + R"(,"routes":[{"path":1}]})"), HasSubstr("routes[0]: path"));
  EXPECT_THAT(reason(head + R"(,"depends":[1]})"), HasSubstr("depends[0]: a text is expected"));
  EXPECT_THAT(reason(head + R"(,"depends":["a\u0000b"]})"), HasSubstr("NUL"));
  EXPECT_THAT(reason(std::string(1000, '[')), HasSubstr("not JSON"));
}

TEST(Manifest, AnswersAnyBytesByAValueOrAnError) {
  const std::string whole = to_json(of(everything()));
  const unsigned seed = std::random_device()();
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text = whole;
    for (int change = 0; change < 3; ++change) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    if (round % 7 == 0) text.resize(random() % text.size());
    try {
      const std::string again = to_json(parse_manifest(text));
      EXPECT_EQ(to_json(parse_manifest(again)), again) << "seed " << seed << " round " << round;
    } catch (const ManifestError&) {
      continue;
    }
  }
}

TEST(Manifest, FindsTheTablesThatMigrationsMake) {
  EXPECT_THAT(
      created_tables("CREATE TABLE People (n int); create unlogged table if not exists b();"
                     "create table public.\"Odd name\" (n int); -- create table no (n int)\n"
                     "create index on t (n); insert into t values ('create table no');"
                     "create table p partition of q default"),
      ElementsAre("people", "b", "Odd name", "p"));
  EXPECT_THAT(created_tables("create table"), testing::IsEmpty());
  EXPECT_THAT(created_tables("create table if"), testing::IsEmpty());
}

}  // namespace
}  // namespace calixo::host
