#include "http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace calixo::host {
namespace {

using Outcome = RouteMatch::Outcome;

Route make(const std::string& method, const std::string& path, const std::string& owner = "a") {
  Route route;
  route.method = method;
  route.path = path;
  route.owner = owner;
  return route;
}

class RouterTest : public ::testing::Test {
 protected:
  void add(const std::string& method, const std::string& path) {
    ASSERT_EQ(router.add(make(method, path)), "");
  }
  std::string matched(const std::string& path, const std::string& method = "GET") {
    const RouteMatch match = router.match(method, path);
    return match.outcome == Outcome::found ? match.route->path : "";
  }
  Router router;
};

TEST_F(RouterTest, PrefersLiteralSegmentOverParameter) {
  add("GET", "/a/{x}");
  add("GET", "/a/b");
  EXPECT_EQ(matched("/a/b"), "/a/b");
  EXPECT_EQ(matched("/a/c"), "/a/{x}");
}

TEST_F(RouterTest, ComesBackToAParameterWhereTheLiteralLeadsNowhere) {
  add("GET", "/a/b/c");
  add("GET", "/a/{x}/d");
  EXPECT_EQ(matched("/a/b/d"), "/a/{x}/d");
}

TEST_F(RouterTest, PrefersTheNarrowerType) {
  add("GET", "/{rest:path}");
  add("GET", "/{x}");
  add("GET", "/{x:uuid}");
  add("GET", "/{x:int}");
  EXPECT_EQ(matched("/-12"), "/{x:int}");
  EXPECT_EQ(matched("/99999999999999999999"), "/{x}");
  EXPECT_EQ(matched("/0b1f7f5e-8f3f-4b6e-9a53-6a1d6c1f0a11"), "/{x:uuid}");
  EXPECT_EQ(matched("/0b1f7f5e-8f3f-4b6e-9a53-6a1d6c1f0a1g"), "/{x}");
  EXPECT_EQ(matched("/a/b"), "/{rest:path}");
}

TEST_F(RouterTest, DecodesParameters) {
  add("GET", "/o/{bucket}/{path:path}");
  const RouteMatch match = router.match("GET", "/o/a%2Fb/c%20d/%C3%B1");
  ASSERT_EQ(match.outcome, Outcome::found);
  ASSERT_EQ(match.parameters.size(), 2u);
  EXPECT_EQ(match.parameters[0].name, "bucket");
  EXPECT_EQ(match.parameters[0].value, "a/b");
  EXPECT_EQ(match.parameters[1].value, "c d/\xC3\xB1");
}

TEST_F(RouterTest, MatchesLiteralsThatComeEscaped) {
  add("GET", "/api");
  EXPECT_EQ(matched("/%61pi"), "/api");
}

TEST_F(RouterTest, RefusesPathsThatDecodeToNonsense) {
  add("GET", "/{x}");
  for (const char* path : {"/%", "/%4", "/%zz", "/%00", "/%0A", "/%ff", "/%C3", "/%2e%2E", "/.",
                           "/%ED%A0%80", "/%C0%AF", "/a/.."}) {
    EXPECT_EQ(router.match("GET", path).outcome, Outcome::bad_parameter) << path;
  }
}

TEST_F(RouterTest, FindsNothingForOtherPaths) {
  add("GET", "/a/{x}");
  for (const char* path : {"", "a", "/", "/a", "/a/", "/a/b/", "/a//b", "/A/b", "*"}) {
    EXPECT_EQ(router.match("GET", path).outcome, Outcome::no_such_path) << path;
  }
}

TEST_F(RouterTest, AnswersHeadFromGet) {
  add("GET", "/a");
  EXPECT_EQ(matched("/a", "HEAD"), "/a");
}

TEST_F(RouterTest, NamesTheAllowedMethodsInOrder) {
  add("POST", "/a");
  add("GET", "/a");
  add("DELETE", "/{x}");
  const RouteMatch match = router.match("PATCH", "/a");
  EXPECT_EQ(match.outcome, Outcome::no_such_method);
  EXPECT_EQ(match.allow, "DELETE, GET, HEAD, OPTIONS, POST");
}

TEST_F(RouterTest, TakesAMethodThatOnlyTheParameterHas) {
  add("POST", "/o/list");
  add("GET", "/o/{x}");
  EXPECT_EQ(matched("/o/list"), "/o/{x}");
}

TEST_F(RouterTest, NamesBothOwnersOfAConflict) {
  ASSERT_EQ(router.add(make("GET", "/a/{x}", "one")), "");
  EXPECT_THAT(router.add(make("GET", "/a/{y}", "two")),
              ::testing::AllOf(::testing::HasSubstr("one"), ::testing::HasSubstr("two"),
                               ::testing::HasSubstr("GET /a/{y}")));
  EXPECT_EQ(router.add(make("POST", "/a/{y}", "two")), "");
  EXPECT_EQ(router.add(make("GET", "/a/{y:int}", "two")), "");
}

TEST_F(RouterTest, RefusesPatternsItCannotServe) {
  for (const char* path : {"", "a", "/{x:float}", "/{}", "/{1 x}", "/a{x}", "/{x:path}/b",
                           "/{x}/{x}", "/a b", "/%20"}) {
    EXPECT_NE(router.add(make("GET", path)), "") << path;
  }
  EXPECT_NE(router.add(make("", "/a")), "");
  EXPECT_NE(router.add(make("G T", "/a")), "");
}

TEST_F(RouterTest, LabelsAndNumbersItsRoutes) {
  add("GET", "/a");
  add("GET", "/b");
  EXPECT_EQ(router.routes()[1]->label, "a GET /b");
  EXPECT_EQ(router.routes()[1]->index, 1u);
}

}  // namespace
}  // namespace calixo::host
