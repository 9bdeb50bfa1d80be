// How an event becomes a line.
#include "log/line.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <time.h>

#include <limits>
#include <vector>

namespace calixo::host::log {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// 2026-01-02T12:03:04.123Z
const Time kTime{std::chrono::milliseconds(1767355384123)};

std::string text_of(std::string_view event, const std::vector<Field>& fields,
                    Level level = Level::info, bool with_colours = false) {
  return text_line({kTime, level, event, fields}, with_colours).substr(with_colours ? 0 : 13);
}
std::string json_of(std::string_view event, const std::vector<Field>& fields,
                    Level level = Level::info) {
  return json_line({kTime, level, event, fields});
}

TEST(TextLine, ShowsLocalTimeLevelEventAndFields) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const std::vector<Field> fields{{"id", "org.example.plank"}, {"took_ms", 14}};
  EXPECT_EQ(text_line({kTime, Level::info, "plugin started", fields}, false),
            "12:03:04.123 info  plugin started id=org.example.plank took_ms=14");
  ::unsetenv("TZ");
  ::tzset();
}

TEST(TextLine, QuotesValuesThatWouldReadAsSeveral) {
  EXPECT_EQ(text_of("e", {{"a", "two words"}, {"b", ""}, {"c", "x=1"}, {"d", "say \"hi\\\""}}),
            R"(info  e a="two words" b="" c="x=1" d="say \"hi\\\"")");
}

TEST(TextLine, EscapesWhatCouldForgeALineOrCommandTheTerminal) {
  const std::string text = text_of("e\nf", {{"a", "x\r\n12:00:00.000 error forged"},
                                            {"b", "\x1b[2J\x7f"},
                                            {"c",
                                             "\xc2\x9b"
                                             "31m"},
                                            {"d", "\xe2\x80\xaeright"},
                                            {"e", "bad\xff\xc0\xaf"},
                                            {"f=1 g", "h"}});
  EXPECT_EQ(text,
            "info  e\\nf a=\"x\\r\\n12:00:00.000 error forged\" b=\\x1b[2J\\x7f c=\\x9b31m "
            "d=\\u202eright e=bad\\xff\\xc0\\xaf f_1_g=h");
}

TEST(TextLine, KeepsUtf8AsItIs) {
  EXPECT_EQ(text_of("e", {{"name", "año🏃"}}, Level::warn), "warn  e name=año🏃");
}

TEST(TextLine, ColoursOnlyWhereAsked) {
  EXPECT_THAT(text_of("e", {{"a", 1}}, Level::error, true), HasSubstr("\x1b[31merror\x1b[0m e"));
  EXPECT_THAT(text_of("e", {{"a", 1}}, Level::error), Not(HasSubstr("\x1b")));
}

TEST(TextLine, CutsAnOverlongValueBetweenCharacters) {
  std::string value(4095, 'x');
  value += "ñ and more";
  EXPECT_THAT(text_of("e", {{"a", value}}), EndsWith("x...(cut)"));
  EXPECT_THAT(json_of("e", {{"a", value}}), EndsWith("x...(cut)\"}"));
}

TEST(JsonLine, HasUtcTimeWithMillisecondsLevelEventAndFields) {
  EXPECT_EQ(json_of("plugin started", {{"id", "plank"}, {"took_ms", 14}, {"is_optional", true}},
                    Level::debug),
            R"({"ts":"2026-01-02T12:03:04.123Z","level":"debug","event":"plugin started",)"
            R"("id":"plank","took_ms":14,"is_optional":true})");
}

TEST(JsonLine, LeavesOnlyRealNumbersUnquoted) {
  EXPECT_THAT(json_of("e", {{"a", -1.5},
                            {"b", std::numeric_limits<double>::quiet_NaN()},
                            {"c", std::numeric_limits<double>::infinity()},
                            {"d", "12"},
                            {"e", std::numeric_limits<std::uint64_t>::max()}}),
              HasSubstr(R"("a":-1.500000,"b":"nan","c":"inf","d":"12","e":18446744073709551615})"));
}

TEST(JsonLine, EscapesQuotesControlsAndInvalidUtf8) {
  EXPECT_THAT(json_of("a\"b\\", {{"f", std::string_view("\n\x1b\0ñ\xff", 6)}}),
              HasSubstr(R"("event":"a\"b\\","f":"\u000a\u001b\u0000ñ\ufffd"})"));
}

TEST(JsonLine, LetsNoFieldTakeTheNameOfAnother) {
  EXPECT_THAT(json_of("e", {{"plugin", "store"},
                            {"plugin", "auth"},
                            {"level", "error"},
                            {"a\":1,\"b", "x"},
                            {"", "y"}}),
              HasSubstr(R"("plugin":"store","plugin_2":"auth","level_3":"error",)"
                        R"("a__1__b":"x","_":"y"})"));
}

}  // namespace
}  // namespace calixo::host::log
