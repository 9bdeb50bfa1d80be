#include "app/validate/schema_values.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "app/validate/request_maker.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

const json::value& thing_schema() {
  static const json::value kSchema = json::parse(R"({
    "type": "object", "required": ["name", "count", "kind", "when"], "additionalProperties": false,
    "properties": {
      "name": {"type": "string", "minLength": 3, "maxLength": 5},
      "count": {"type": "integer", "minimum": -2, "maximum": 2},
      "share": {"type": ["number", "null"], "minimum": 0},
      "kind": {"type": "string", "enum": ["big", "small"]},
      "when": {"type": "string", "format": "date-time"},
      "owner": {"anyOf": [{"type": "object", "required": ["id"],
                           "properties": {"id": {"type": "string", "format": "uuid"}}},
                          {"type": "null"}]},
      "tags": {"type": "array", "minItems": 1, "items": {"type": "string"}}
    }})");
  return kSchema;
}

TEST(SchemaValues, AValidValueIsWhatTheSchemaSaysWhateverTheSeed) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Chance chance(seed);
    const json::value made = valid_value(thing_schema(), chance);
    ASSERT_EQ(mismatch(thing_schema(), made), "") << "seed " << seed << ": " << made;
    const std::size_t length = made.at("name").as_string().size();
    ASSERT_TRUE(length >= 3 && length <= 5) << made;
  }
}

TEST(SchemaValues, BoundaryValuesLeaveTheBoundsNowAndThen) {
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Chance chance(seed);
    wrong += mismatch(thing_schema(), boundary_value(thing_schema(), chance)).empty() ? 0 : 1;
  }
  EXPECT_GT(wrong, 50);
  EXPECT_LT(wrong, 500);
}

TEST(SchemaValues, AMismatchNamesItsPlace) {
  const auto found = [](const char* text) { return mismatch(thing_schema(), json::parse(text)); };
  const char* whole = R"({"name":"abc","count":0,"kind":"big","when":"2026-01-01T00:00:00Z")";
  const auto with = [&](const char* more) {
    return found((std::string(whole) + more + "}").c_str());
  };
  EXPECT_EQ(with(""), "");
  EXPECT_THAT(with(R"(,"tags":["a",1])"), HasSubstr("tags[1]: not of type string"));
  EXPECT_THAT(with(R"(,"owner":{})"), HasSubstr("owner: fits none"));
  EXPECT_THAT(with(R"(,"count":3)"), HasSubstr("count: above 2"));
  EXPECT_THAT(with(R"(,"kind":"huge")"), HasSubstr("kind: none of the enum's values"));
  EXPECT_THAT(with(R"(,"more":1)"), HasSubstr("more: the schema has no such member"));
  EXPECT_THAT(found("{}"), HasSubstr("lacks name"));
  EXPECT_THAT(found("[]"), HasSubstr("the whole: not of type object"));
}

TEST(RequestMaker, TheSameSeedMakesTheSameRequest) {
  RegisteredRoute route;
  route.route.method = "POST";
  route.route.path = "/api/things/{id:int}/parts/{part:uuid}";
  route.route.has_body = true;
  route.request_schema = json::serialize(thing_schema());
  route.query_schema = R"({"type":"object","properties":{"q":{"type":"string"}},"required":["q"]})";
  for (const InputKind kind : kInputKinds) {
    Chance one(11), other(11);
    const BenchRequest first = make_request(route, kind, one);
    const BenchRequest second = make_request(route, kind, other);
    EXPECT_EQ(first.body, second.body) << to_text(kind);
    EXPECT_EQ(first.target, second.target) << to_text(kind);
    EXPECT_EQ(first.target.find('{'), std::string::npos) << first.target;
    EXPECT_LE(first.body.size(), 1024u * 1024u);
  }
}

}  // namespace
}  // namespace calixo::host
