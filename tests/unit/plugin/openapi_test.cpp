#include "plugin/openapi.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace calixo::host {
namespace {

using testing::HasSubstr;

RegisteredRoute route(const std::string& method, const std::string& path) {
  RegisteredRoute made;
  made.route.method = method;
  made.route.path = path;
  made.route.owner = "test";
  made.tag = "test";
  made.summary = "A route";
  return made;
}

boost::json::value document(const std::vector<const RegisteredRoute*>& routes) {
  return boost::json::parse(openapi_document({"1.2.3", "http://localhost"}, routes));
}

TEST(OpenApi, TurnsTypedPathParametersIntoSchemas) {
  const RegisteredRoute one = route("GET", "/api/items/{id:int}/of/{owner:uuid}");
  const auto api = document({&one});
  const auto& parameters =
      api.at_pointer("/paths/~1api~1items~1{id}~1of~1{owner}/get/parameters").as_array();
  EXPECT_EQ(parameters.at(0).at_pointer("/schema/type").as_string(), "integer");
  EXPECT_EQ(parameters.at(1).at_pointer("/schema/format").as_string(), "uuid");
}

TEST(OpenApi, MakesQueryParametersOfTheQuerySchema) {
  RegisteredRoute one = route("GET", "/api/items");
  one.query_schema =
      R"({"type":"object","properties":{"limit":{"type":"integer"},"kind":{"type":"string"}},"required":["kind"]})";
  const auto api = document({&one});
  const auto& parameters = api.at_pointer("/paths/~1api~1items/get/parameters").as_array();
  EXPECT_FALSE(parameters.at(0).at("required").as_bool());
  EXPECT_TRUE(parameters.at(1).at("required").as_bool());
}

TEST(OpenApi, LeavesHiddenRoutesOut) {
  RegisteredRoute one = route("GET", "/hidden");
  one.hidden = true;
  EXPECT_TRUE(document({&one}).at("paths").as_object().empty());
}

TEST(OpenApi, GivesEachOperationAnIdOfItsOwn) {
  RegisteredRoute one = route("POST", "/api/auth/signup");
  RegisteredRoute two = route("POST", "/auth/v1/signup");
  one.operation_id = two.operation_id = "signUp";
  const auto api = document({&one, &two});
  EXPECT_EQ(api.at_pointer("/paths/~1api~1auth~1signup/post/operationId").as_string(), "signUp");
  EXPECT_EQ(api.at_pointer("/paths/~1auth~1v1~1signup/post/operationId").as_string(),
            "postAuthV1Signup");
}

TEST(OpenApi, SaysWhichProblemsARouteAnswers) {
  RegisteredRoute one = route("POST", "/api/start");
  one.problem_codes = "404:challenge_not_found 409:already_started";
  one.route.roles = CALIXO_ROLE_USER;
  const auto api = document({&one});
  const auto& responses = api.at_pointer("/paths/~1api~1start/post/responses").as_object();
  EXPECT_EQ(responses.at("404").at("description").as_string(), "challenge_not_found");
  EXPECT_EQ(responses.at("409").at("description").as_string(), "already_started");
  EXPECT_TRUE(responses.contains("401"));
}

TEST(OpenApi, ClaimsNoProblemDocumentOfARouteThatRendersItsOwn) {
  RegisteredRoute one = route("POST", "/api/start");
  one.problem_codes = "404:challenge_not_found";
  one.render_problem = [](void*, calixo_exchange*, const calixo_problem*) {};
  const auto api = document({&one});
  const auto& content =
      api.at_pointer("/paths/~1api~1start/post/responses/404/content").as_object();
  EXPECT_TRUE(content.contains("application/json"));
  EXPECT_FALSE(content.contains("application/problem+json"));
}

TEST(OpenApi, RefusesASchemaThatIsNotJson) {
  RegisteredRoute one = route("POST", "/api/start");
  one.request_schema = "{oops";
  EXPECT_THROW(
      {
        try {
          document({&one});
        } catch (const std::runtime_error& error) {
          EXPECT_THAT(error.what(), HasSubstr("POST /api/start"));
          throw;
        }
      },
      std::runtime_error);
}

}  // namespace
}  // namespace calixo::host
