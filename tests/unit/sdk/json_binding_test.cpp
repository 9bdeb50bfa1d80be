// Parsing into described structs: every type, every error.
#include "bound_types.hpp"

namespace calixo::test {
namespace {

struct Small {
  int a;
  int b = 3;
  std::string name;
  std::optional<double> real;
};
BOOST_DESCRIBE_STRUCT(Small, (), (a, b, name, real))

struct Tree {
  std::vector<Tree> children;
};
BOOST_DESCRIBE_STRUCT(Tree, (), (children))

struct Base {
  int base;
};
BOOST_DESCRIBE_STRUCT(Base, (), (base))
struct Derived : Base {
  int own;
};
BOOST_DESCRIBE_STRUCT(Derived, (Base), (own))

struct Holder {
  Json value;
};
BOOST_DESCRIBE_STRUCT(Holder, (), (value))

TEST(JsonBinding, ReadsEveryType) {
  const auto read = parse_json<Everything>(kEverything);
  EXPECT_TRUE(read.flag);
  EXPECT_EQ(read.tiny, -5);
  EXPECT_EQ(read.port, 65535);
  EXPECT_EQ(read.large, INT64_MAX);
  EXPECT_EQ(read.real, 0.1);
  EXPECT_EQ(read.text, "h\xc3\xa9\xf0\x9f\x98\x80\n");
  EXPECT_EQ(read.maybe, 7);
  EXPECT_EQ(read.numbers, (std::vector<int>{1, 2}));
  EXPECT_EQ(read.counts.at("a"), 1);
  EXPECT_EQ(read.inner.note, "n");
  EXPECT_EQ(read.inners.at(0).number, 4);
  EXPECT_EQ(read.kind, Kind::focus);
  EXPECT_EQ(read.any.at("x").as_array().size(), 2u);
  EXPECT_EQ(read.at.text(), "2026-03-01T09:00:00Z");
  EXPECT_EQ(read.id.text(), "8c7d1e6a-0000-4000-8000-00000000000f");
}

TEST(JsonBinding, WritesWhatItReads) {
  const std::string once = to_json(parse_json<Everything>(kEverything));
  EXPECT_EQ(to_json(parse_json<Everything>(once)), once);
  EXPECT_NE(once.find(R"("note":null)"), std::string::npos) << once;
}

TEST(JsonBinding, ReportsEveryWrongFieldAtOnce) {
  EXPECT_EQ(json_errors<Everything>(
                R"({"flag":1,"tiny":128,"port":-1,"large":9223372036854775808,"real":"x",)"
                R"("text":1,"maybe":"x","numbers":[1,"x",2.5],"counts":{"a":true},)"
                R"("inner":{"note":4},"inners":{},"kind":"x","at":"yesterday","id":"x"})"),
            (Errors{"type flag", "range tiny", "range port", "range large", "type real",
                    "type text", "type maybe", "type numbers[1]", "type numbers[2]",
                    "type counts.a", "type inner.note", "required inner.number", "type inners",
                    "enum kind", "format at", "format id", "required any"}));
}

TEST(JsonBinding, InitializerMakesAFieldOptional) {
  const auto read = parse_json<Small>(R"({"a":1,"name":""})");
  EXPECT_EQ(read.b, 3);
  EXPECT_FALSE(read.real);
  EXPECT_EQ(json_errors<Small>("{}"), (Errors{"required a", "required name"}));
}

TEST(JsonBinding, NullIsAbsence) {
  EXPECT_EQ(parse_json<Small>(R"({"a":1,"name":"","b":null,"real":null})").b, 3);
  EXPECT_EQ(json_errors<Small>(R"({"a":null,"name":null})"),
            (Errors{"required a", "required name"}));
  EXPECT_TRUE(parse_json<Holder>(R"({"value":null})").value.is_null());
}

TEST(JsonBinding, NumbersKeepTheirMeaning) {
  const auto a = [](std::string_view number) {
    return parse_json<Small>("{\"name\":\"\",\"a\":" + std::string(number) + "}").a;
  };
  const auto error = [](std::string_view number) {
    return json_errors<Small>("{\"name\":\"\",\"a\":" + std::string(number) + "}");
  };
  EXPECT_EQ(a("1.0"), 1);
  EXPECT_EQ(a("12e2"), 1200);
  EXPECT_EQ(a("-0"), 0);
  EXPECT_EQ(error("1.5"), Errors{"type a"});
  EXPECT_EQ(error("2147483648"), Errors{"range a"});
  EXPECT_EQ(error("3e9"), Errors{"range a"});
  EXPECT_EQ(error("1e999"), Errors{"range a"});
  EXPECT_EQ(json_errors<Small>(R"({"a":1,"name":"","real":1e999})"), Errors{"range real"});
  EXPECT_EQ(parse_json<Small>(R"({"a":1,"name":"","real":1e-999})").real, 0.0);
  EXPECT_EQ(json_errors<std::uint64_t>("18446744073709551616"), Errors{"range "});
  EXPECT_EQ(parse_json<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parse_json<std::uint8_t>("-0"), 0);
  EXPECT_EQ(json_errors<std::uint8_t>("-1.0"), Errors{"range "});
}

TEST(JsonBinding, RefusesWhatIsNoJson) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{,}",
                           "{a:1}",
                           "{'a':1}",
                           "[1",
                           "{\"a\":1}x",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":1.}",
                           "{\"a\":.5}",
                           "{\"a\":1e}",
                           "{\"a\":tru}",
                           "{\"a\":NaN}",
                           "{\"a\":\"\t\"}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\\udc00\"}",
                           "{\"a\":\"\\ud800\\u0041\"}",
                           "{\"a\":\"",
                           "{\"a\":\"\xff\"}",
                           "{\"\xc0\x80\":1}",
                           "{\"a\":\"\xed\xa0\x80\"}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":\"\\",
                           "{\"x\":[1,]}",
                           "{\"x\":[,1]}",
                           "// c\n{}",
                           "{\"a\":\"\xf5\x80\x80\x80\"}"}) {
    EXPECT_EQ(json_errors<Small>(text), Errors{"malformed_json"}) << text;
  }
}

TEST(JsonBinding, RefusesRepeatedKeysEverywhere) {
  for (const char* text :
       {R"({"a":1,"a":1,"name":""})", R"({"a":1,"\u0061":1,"name":""})", R"({"x":1,"x":2})",
        R"({"x":{"y":1,"z":{"q":1,"q":2}}})", R"({"x":[{"y":1,"y":1}]})"}) {
    EXPECT_EQ(json_errors<Small>(text), Errors{"malformed_json"}) << text;
  }
  using Counts = std::map<std::string, int>;
  EXPECT_EQ(json_errors<Counts>(R"({"x":1,"x":2})"), Errors{"malformed_json"});
  EXPECT_EQ(json_errors<Json>(R"({"x":1,"x":2})"), Errors{"malformed_json"});
}

TEST(JsonBinding, BoundsTheDepth) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_EQ(json_errors<Json>(nested(32)), Errors{});
  EXPECT_EQ(json_errors<Json>(nested(33)), Errors{"malformed_json"});
  std::string tree;
  for (int i = 0; i < 20; ++i) tree += "{\"children\":[";
  EXPECT_EQ(json_errors<Tree>(tree), Errors{"malformed_json"});
}

TEST(JsonBinding, RefusesNulInTextsButNotInJson) {
  EXPECT_EQ(json_errors<Small>(R"({"a":1,"name":"x\u0000y"})"), Errors{"format name"});
}

TEST(JsonBinding, IgnoresUnknownFields) {
  EXPECT_EQ(parse_json<Small>(R"({"x":{"y":[1]},"a":1,"z":null,"name":"n"})").name, "n");
}

TEST(JsonBinding, ReadsFieldsInAnyOrderAndFromBases) {
  const auto read = parse_json<Derived>(R"({"own":2,"base":1})");
  EXPECT_EQ(read.base, 1);
  EXPECT_EQ(read.own, 2);
  EXPECT_EQ(json_errors<Derived>("{}").size(), 2u);
}

TEST(JsonBinding, BoundsTheNumberOfErrors) {
  std::string body = "[";
  for (int i = 0; i < 5000; ++i) body += "\"x\",";
  body.back() = ']';
  EXPECT_EQ(json_errors<std::vector<int>>(body).size(), detail::FieldErrors::kCountMax);
}

TEST(JsonBinding, TellsTooLargeFromTooSmall) {
  const std::string zeros(400, '0');
  for (const std::string& huge :
       {"1" + zeros + ".5", "1" + zeros + "1" + zeros + "e-50", "0." + zeros + "1e800",
        std::string("-1E+99999999999999999999")}) {
    EXPECT_EQ(json_errors<double>(huge), Errors{"range "}) << huge;
  }
  for (const std::string& tiny : {"0." + zeros + "1", "0." + zeros + "1e50", "0." + zeros + "1e+1",
                                  std::string("1e-99999999999999999999")}) {
    EXPECT_EQ(parse_json<double>(tiny), 0.0) << tiny;
  }
}

TEST(JsonBinding, AnyJsonKeepsItsNumbersExactly) {
  EXPECT_EQ(to_json(parse_json<Json>("[-0,-0.0]")), "[-0,-0]");
  const std::string text =
      R"([0,-1,9223372036854775807,18446744073709551615,0.1,1.7976931348623157e+308,5e-324,"x"])";
  EXPECT_EQ(to_json(parse_json<Json>(text)), text);
  EXPECT_EQ(to_json(parse_json<Json>(R"({"a":{"b":[]},"c":{}})")), R"({"a":{"b":[]},"c":{}})");
  EXPECT_EQ(json_errors<Json>("[1e999]"), Errors{"range "});
}

TEST(JsonWriting, EscapesAndShortens) {
  EXPECT_EQ(to_json(std::string("a\"\\\x01\n\xc3\xb1")), "\"a\\\"\\\\\\u0001\\n\xc3\xb1\"");
  EXPECT_EQ(to_json(std::vector<double>{0.1, 1.0, 1e300}), "[0.1,1,1e+300]");
  EXPECT_EQ(to_json(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(to_json(std::map<std::string, bool>{{"a", true}}), R"({"a":true})");
  EXPECT_EQ(to_json(std::optional<int>()), "null");
  EXPECT_EQ(to_json(Kind::social), "\"social\"");
  EXPECT_EQ(to_json(std::vector<int>()), "[]");
}

}  // namespace
}  // namespace calixo::test
