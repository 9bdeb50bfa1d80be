// Handlers on the fake host: what they take and answer, and that no exception leaves one.
#include <gtest/gtest.h>
#include <calixo/testing/fake_host.hpp>

namespace calixo::test {
namespace {

using testing::Answer;
using testing::Caller;
using testing::FakeHost;
using testing::Response;

struct Thing {
  std::int64_t id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, name))
struct Filter {
  int limit = 20;
};
BOOST_DESCRIBE_STRUCT(Filter, (), (limit))

class Things {
 public:
  Thing one(Context& context) const { return {context.path<std::int64_t>("id"), "t"}; }
  Thing make(Context&, const Filter& filter, const Thing& thing) {
    return {thing.id + filter.limit, thing.name};
  }
};

Page<Thing> list(Context&, const Filter& filter) {
  return {{{filter.limit, "a"}}, std::string("next")};
}

TEST(Handler, AnswersDescribedStructsPagesJsonAndNothing) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    auto& things = plugin.own<Things>();
    plugin.get("/things", &list);
    plugin.get("/things/{id:int}", calixo::bind(things, &Things::one));
    plugin.post("/things", calixo::bind(&things, &Things::make)).status(201);
    plugin.get("/all", [](Context&) { return std::vector<Thing>{{1, "x"}}; });
    plugin.get("/json", [](Context&) { return Json(3); });
    plugin.del("/things/{id:int}", [](Context&) {});
    plugin.get("/reply", [](Context& context) {
      context.set_header("X-One", "1");
      return Reply{303, {{"Location", "/x"}}, "text/plain", "see"};
    });
  });
  EXPECT_EQ(host.call({.path = "/things", .query = "limit=3"}).body,
            R"({"items":[{"id":3,"name":"a"}],"next":"next"})");
  EXPECT_EQ(host.call({.path = "/things/7"}).body, R"({"id":7,"name":"t"})");
  const Response made = host.call(
      {.method = "POST", .path = "/things", .query = "limit=1", .body = R"({"id":1,"name":"n"})"});
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"id":2,"name":"n"})");
  EXPECT_EQ(host.call({.path = "/all"}).body, R"([{"id":1,"name":"x"}])");
  EXPECT_EQ(host.call({.path = "/json"}).body, "3");
  EXPECT_EQ(host.call({.method = "DELETE", .path = "/things/1"}).status, 204);
  const Response reply = host.call({.path = "/reply"});
  EXPECT_EQ(reply.status, 303);
  EXPECT_EQ(reply.header("location"), "/x");
  EXPECT_EQ(reply.header("x-one"), "1");
  EXPECT_EQ(reply.content_type, "text/plain");
}

TEST(Handler, WrongInputIsAProblemInTheCallersLanguage) {
  FakeHost host;
  host.load([](Plugin& plugin) { plugin.post("/t", [](Context&, const Thing& t) { return t; }); });
  const Response wrong =
      host.call({.method = "POST", .path = "/t", .body = R"({"id":"x"})", .language = "es"});
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(wrong.problem_code, "validation_failed");
  const Json errors = wrong.json().at("errors");
  EXPECT_EQ(errors.at(0).at("field").as_string(), "id");
  EXPECT_EQ(errors.at(0).at("message").as_string(), "Debe ser un número entero.");
  EXPECT_EQ(errors.at(1).at("code").as_string(), "required");
  const Response broken = host.call({.method = "POST", .path = "/t", .body = "{"});
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(broken.problem_code, "malformed_json");
}

TEST(Handler, NoExceptionLeavesIt) {
  struct Case {
    std::function<void()> fail;
    int status;
    std::string code;
  };
  const std::vector<Case> cases{
      {[] { throw Problem(409, "already_started"); }, 409, "already_started"},
      {[] { throw not_found("thing"); }, 404, "thing_not_found"},
      {[] { require(false, "premium_required"); }, 403, "premium_required"},
      {[] { or_fail(std::optional<int>(), invalid("x")); }, 422, "x"},
      {[] { Result<int>(conflict("c")).or_fail(); }, 409, "c"},
      {[] { throw std::runtime_error("secret"); }, 500, "internal"},
      {[] { throw std::bad_alloc(); }, 500, "internal"},
      {[] { throw 7; }, 500, "internal"},
      {[] { throw HostFailure(CALIXO_LIMIT, "x"); }, 503, "overloaded"},
      {[] { throw HostFailure(CALIXO_TIMEOUT, "x"); }, 504, "timeout"},
      {[] { throw HostFailure(CALIXO_CANCELLED, "x"); }, 0, ""},
      {[] { throw HostFailure(CALIXO_INTERNAL, "x"); }, 500, "internal"},
      {[] { throw DbError(CALIXO_UNAVAILABLE, "", "x"); }, 503, "unavailable"},
      {[] { throw DbError(CALIXO_TIMEOUT, "", "x"); }, 504, "timeout"},
      {[] { throw DbError(CALIXO_CANCELLED, "", "x"); }, 0, ""},
      {[] { throw DbError(CALIXO_SQL_ERROR, "40001", "x"); }, 503, "unavailable"},
      {[] { throw DbError(CALIXO_SQL_ERROR, "57014", "x"); }, 504, "timeout"},
      {[] { throw DbError(CALIXO_SQL_ERROR, "23505", "secret"); }, 500, "internal"}};
  for (const Case& of : cases) {
    FakeHost host;
    host.load([&](Plugin& plugin) { plugin.get("/", [&](Context&) { of.fail(); }); });
    const Response answer = host.call({.path = "/"});
    EXPECT_EQ(answer.status, of.status) << of.code;
    EXPECT_EQ(answer.problem_code, of.code);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    EXPECT_EQ(answer.retry_after_s > 0, of.status == 503 || of.status == 504);
    EXPECT_EQ(host.logs.empty(), of.status != 500);
  }
}

TEST(Handler, SeesTheRequestAndItsCaller) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.get("/me", [](Context& context) {
      const Principal principal = context.principal();
      return Json{{"user", std::string(context.user_id())},
                  {"admin", principal.has(Role::admin)},
                  {"header", std::string(context.header("X-A").value_or("none"))},
                  {"address", std::string(context.client_address())},
                  {"now", context.now().text()}};
    });
    plugin.get("/closed", [](Context&) { return 1; }).allow(Role::user | Role::admin);
    plugin.get("/{n:str}/x", [](Context& context) { return context.path<std::int64_t>("n"); });
  });
  const Response me = host.call({.path = "/me",
                                 .caller = Caller::user("u1", Role::user | Role::admin),
                                 .headers = {{"x-a", "v"}}});
  EXPECT_EQ(me.body, R"({"user":"u1","admin":true,"header":"v","address":"127.0.0.1",)"
                     R"("now":"2026-01-01T00:00:00Z"})");
  EXPECT_EQ(host.call({.path = "/me"}).problem_code, "unauthorized");
  EXPECT_EQ(host.call({.path = "/closed"}).status, 401);
  EXPECT_EQ(host.call({.path = "/closed", .caller = Caller::user("u", Role::premium)}).status, 403);
  EXPECT_EQ(host.call({.path = "/99999999999999999999/x"}).status, 404);
}

TEST(Handler, ProblemsOfAGroupHaveItsShapeUnderEachPrefix) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    auto group = plugin.group({"/api/auth", "/auth/v1"});
    group.render_problems([](const RequestView& request, const ProblemView& problem) {
      return Reply{problem.http_status,
                   {{"x-code", std::string(problem.code)}},
                   "application/json",
                   std::string(request.path())};
    });
    group.post("/signup", [](Context&) -> Json { throw Problem(400, "weak_password"); });
  });
  for (const char* path : {"/api/auth/signup", "/auth/v1/signup"}) {
    const Response answer = host.call({.method = "POST", .path = path});
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.header("x-code"), "weak_password");
    EXPECT_EQ(answer.body, path);
  }
}

TEST(Handler, StreamsBodiesBothWays) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin
        .put("/upload",
             [](Context& context) {
               char buffer[3];
               context.stream().begin(200, "text/plain");
               while (const std::size_t size = context.stream().read(buffer)) {
                 context.stream().write({buffer, size});
                 context.stream().write("|");
               }
               context.stream().end();
             })
        .stream_body();
  });
  const Response answer = host.call({.method = "PUT", .path = "/upload", .body = "abcdefgh"});
  EXPECT_EQ(answer.body, "abc|def|gh|");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(host.call({.method = "PUT", .path = "/upload", .body = "a", .is_cancelled = true})
                   .body.size() > 0);
}

TEST(Handler, BlockingWorkHandsBackValuesAndExceptions) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.get("/value", [](Context& c) { return c.run_blocking([] { return 42; }); });
    plugin.get("/throw", [](Context& c) { c.run_blocking([] { throw Problem(402, "pay"); }); });
  });
  EXPECT_EQ(host.call({.path = "/value"}).body, "42");
  EXPECT_EQ(host.call({.path = "/throw"}).problem_code, "pay");
  host.wait_status = CALIXO_LIMIT;
  EXPECT_EQ(host.call({.path = "/value"}).status, 503);
}

TEST(Handler, HeadersWithControlBytesAreRefused) {
  FakeHost host;
  host.load([](Plugin& plugin) {
    plugin.get("/", [](Context& context) { context.set_header("X", "a\r\nb"); });
  });
  EXPECT_EQ(host.call({.path = "/"}).status, 500);
}

}  // namespace
}  // namespace calixo::test
