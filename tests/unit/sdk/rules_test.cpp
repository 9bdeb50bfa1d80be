// Constraints: how each is held, and in which words it is refused.
#include "bound_types.hpp"

namespace calixo::test {
namespace {

struct Ruled {
  std::string email;
  std::optional<int> limit;
  std::vector<std::string> tags = {"x"};
  std::string type = "daily";
  double ratio = 0.5;
  std::string bio;
  std::string is_public = "no";
};
BOOST_DESCRIBE_STRUCT(Ruled, (), (email, limit, tags, type, ratio, bio, is_public))
CALIXO_RULES(Ruled) {
  rules.at<&Ruled::email>().format(Format::email).length(3, 254);
  rules.at<&Ruled::limit>().range(1, 100);
  rules.at<&Ruled::tags>().length(1, 2).each_length(1, 3);
  rules.at<&Ruled::type>().one_of({"daily", "focus"});
  rules.at<&Ruled::ratio>().min(0).max(1);
  rules.at<&Ruled::bio>().optional().check([](const std::string& bio) { return bio != "spam"; },
                                           "bio_refused",
                                           {.es = "No se acepta.", .en = "Is not accepted."});
  rules.at<&Ruled::is_public>().name("public").required().omit_empty();
  rules.closed();
}

struct WithMap {  // can't be made in a constant expression
  std::map<std::string, int> counts;
  int required_number;
  int given = 0;
  bool on = false;
  Kind kind;
  Json extra;
};
BOOST_DESCRIBE_STRUCT(WithMap, (), (counts, required_number, given, on, kind, extra))

struct AllGiven {
  int x = 1;
  std::optional<int> y;
};
BOOST_DESCRIBE_STRUCT(AllGiven, (), (x, y))
struct Outer {
  AllGiven given;
  Inner inner;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (given, inner))

std::string ruled(std::string_view fields) {
  return R"({"email":"a@b.co","public":"x")" + std::string(fields) + "}";
}

TEST(Rules, HoldEachConstraint) {
  EXPECT_EQ(json_errors<Ruled>(ruled("")), Errors{});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"limit":0)")), Errors{"range limit"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"limit":101)")), Errors{"range limit"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"tags":[])")), Errors{"length tags"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"tags":["a","b","c"])")), Errors{"length tags"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"tags":["abcd"])")), Errors{"length tags[0]"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"type":"x")")), Errors{"enum type"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"ratio":1.01)")), Errors{"range ratio"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"bio":"spam")")), Errors{"bio_refused bio"});
  EXPECT_EQ(json_errors<Ruled>(ruled(R"(,"other":1,"is_public":"y")")),
            (Errors{"unknown is_public", "unknown other"}));
  EXPECT_EQ(json_errors<Ruled>(R"({"email":"a@b.co"})"), Errors{"required public"});
}

TEST(Rules, CountCharactersNotBytes) {
  EXPECT_EQ(json_errors<Ruled>(ruled("")), Errors{});
  EXPECT_EQ(json_errors<Ruled>(ruled(",\"tags\":[\"\xc3\xb1\xc3\xb1\xc3\xb1\"]")), Errors{});
}

TEST(Rules, KnowEmailAddresses) {
  for (const char* good : {"a@b.co", "first.last+tag@sub.example.org", "\xc3\xb1@ejemplo.es"}) {
    EXPECT_TRUE(detail::has_format(good, Format::email)) << good;
  }
  for (const char* bad : {"", "a", "@b.co", "a@", "a@b", "a@@b.co", "a b@c.co", ".a@b.co",
                          "a..b@c.co", "a@-b.co", "a@b.co.", "<a@b.co>"}) {
    EXPECT_FALSE(detail::has_format(bad, Format::email)) << bad;
  }
}

TEST(Rules, KnowUrlsDatesAndUuids) {
  EXPECT_TRUE(detail::has_format("https://example.org/x?y", Format::url));
  EXPECT_FALSE(detail::has_format("javascript:alert(1)", Format::url));
  EXPECT_FALSE(detail::has_format("http://", Format::url));
  EXPECT_TRUE(detail::has_format("2028-02-29", Format::date));
  EXPECT_FALSE(detail::has_format("2026-02-29", Format::date));
  EXPECT_FALSE(detail::has_format("2026-2-9", Format::date));
  EXPECT_TRUE(detail::has_format("2026-02-28T23:59:59Z", Format::date_time));
  EXPECT_FALSE(detail::has_format("00000000-0000-0000-0000-00000000000g", Format::uuid));
}

TEST(Rules, SpeakTheCallersLanguage) {
  const auto message = [](std::string_view body, std::string_view language) {
    try {
      parse_json<Ruled>(body, language);
    } catch (const Problem& problem) {
      return problem.errors().at(0).message;
    }
    return std::string();
  };
  EXPECT_EQ(message(ruled(R"(,"limit":0)"), "es"), "Debe ser un valor entre 1 y 100.");
  EXPECT_EQ(message(ruled(R"(,"limit":0)"), "en"), "Must be between 1 and 100.");
  EXPECT_EQ(message(ruled(R"(,"tags":[])"), "es"), "Debe tener entre 1 y 2 elementos.");
  EXPECT_EQ(message(ruled(R"(,"limit":"x")"), "es"), "Debe ser un número entero.");
  EXPECT_EQ(message(ruled(R"(,"type":"x")"), "en"), "Must be one of: daily, focus.");
  EXPECT_EQ(message(ruled(R"(,"bio":"spam")"), "es"), "No se acepta.");
}

TEST(Rules, FindInitializersAlsoWhereTheStructIsNoConstant) {
  EXPECT_EQ(json_errors<WithMap>("{}"), (Errors{"required counts", "required required_number",
                                                "required kind", "required extra"}));
}

TEST(Rules, NestedStructIsOptionalWhereAllOfItIs) {
  EXPECT_EQ(json_errors<Outer>("{}"), Errors{"required inner"});
}

TEST(Schema, SaysWhatTheBindingHolds) {
  EXPECT_EQ(json_schema<Ruled>(SchemaOf::request),
            R"({"type":"object","title":"Ruled","properties":{)"
            R"("email":{"type":"string","minLength":3,"maxLength":254,"format":"email"},)"
            R"("limit":{"type":["integer","null"],"format":"int32","minimum":1,"maximum":100},)"
            R"("tags":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string",)"
            R"("minLength":1,"maxLength":3},"default":["x"]},)"
            R"("type":{"type":"string","enum":["daily","focus"],"default":"daily"},)"
            R"("ratio":{"type":"number","format":"double","minimum":0,"maximum":1,"default":0.5},)"
            R"("bio":{"type":"string","default":""},"public":{"type":"string"}},)"
            R"("required":["email","public"],"additionalProperties":false})");
}

TEST(Schema, IsJsonForEveryTypeAndDirection) {
  for (const SchemaOf of : {SchemaOf::request, SchemaOf::response, SchemaOf::query}) {
    const Json schema = parse_json<Json>(json_schema<Everything>(of));
    EXPECT_EQ(schema.at("properties").as_object().size(), 15u);
  }
  const Json answer = parse_json<Json>(json_schema<Everything>(SchemaOf::response));
  EXPECT_EQ(answer.at("required").as_array().size(), 15u);
  EXPECT_EQ(answer.at("properties").at("at").at("format").as_string(), "date-time");
  EXPECT_EQ(answer.at("properties").at("kind").at("enum").as_array().size(), 3u);
}

struct Chain {
  std::vector<Chain> next;
};
BOOST_DESCRIBE_STRUCT(Chain, (), (next))

TEST(Schema, EndsForAStructThatHoldsItself) {
  EXPECT_EQ(json_schema<Chain>(SchemaOf::request),
            R"({"type":"object","title":"Chain","properties":{"next":{"type":"array","items":)"
            R"({"type":"object","title":"Chain"}}},"required":["next"]})");
}

}  // namespace
}  // namespace calixo::test
