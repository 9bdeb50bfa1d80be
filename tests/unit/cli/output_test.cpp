// Tables for people, the same rows as JSON, and progress.
#include "cli/output.hpp"

#include <Poco/JSON/Parser.h>
#include <gmock/gmock.h>

#include <limits>
#include <sstream>

#include "cli/progress.hpp"

namespace calixo::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Table kTable{{{"name"}, {"took_ms"}, {"is_applied"}},
                   {{"año", std::int64_t(7), true}, {"日本", std::int64_t(1234), false}, {"x"}}};

struct Printed {
  std::ostringstream out, error;
};

TEST(TableText, AlignsColumnsByWhatTheTerminalShows) {
  EXPECT_EQ(table_text(kTable),
            "NAME  TOOK MS  IS APPLIED\n"
            "año         7  yes\n"
            "日本     1234  no\n"
            "x\n");
}

TEST(TableText, KeepsARowOnItsLineWhateverItsCells) {
  const Table table{{{"a"}, {"b"}}, {{"one\ntwo", "\x1b[31mred"}}};
  EXPECT_EQ(table_text(table), "A         B\none\\ntwo  \\x1b[31mred\n");
}

TEST(DisplayWidth, CountsMarksAsNoneAndWideCharactersAsTwo) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("n\xCC\x83"), 1u);
  EXPECT_EQ(display_width("🏃"), 2u);
  EXPECT_EQ(display_width("\xff"), 1u);
}

TEST(Output, PrintsTheRowsAsAnArrayOfObjectsWithTheirTypes) {
  Printed printed;
  Output output(printed.out, printed.error, true);
  output.table(kTable);
  output.say("not for programs");
  const auto rows = Poco::JSON::Parser().parse(printed.out.str()).extract<Poco::JSON::Array::Ptr>();
  ASSERT_EQ(rows->size(), 3u);
  const auto first = rows->getObject(0);
  EXPECT_EQ(first->getValue<std::string>("name"), "año");
  EXPECT_TRUE(first->get("took_ms").isInteger());
  EXPECT_TRUE(first->get("is_applied").isBoolean());
  EXPECT_TRUE(rows->getObject(2)->isNull("took_ms"));
  EXPECT_LT(printed.out.str().find("\"name\""), printed.out.str().find("\"took_ms\""));
}

TEST(Output, PrintsAnEmptyArrayForProgramsAndASentenceForPeople) {
  Printed people, programs;
  Output(people.out, people.error, false).table({{{"a"}}, {}}, "no migrations");
  Output(programs.out, programs.error, true).table({{{"a"}}, {}}, "no migrations");
  EXPECT_EQ(people.out.str(), "no migrations\n");
  EXPECT_EQ(programs.out.str(), "[]\n");
}

TEST(Output, WritesValidJsonForAnyBytesAndNumbers) {
  Printed printed;
  Output output(printed.out, printed.error, true);
  output.object({{"text", std::string("a\"\n\x01\xff\\", 6)},
                 {"large", std::numeric_limits<std::int64_t>::max()},
                 {"real", 0.5},
                 {"nan", std::numeric_limits<double>::quiet_NaN()},
                 {"none", std::monostate()}});
  const auto object =
      Poco::JSON::Parser().parse(printed.out.str()).extract<Poco::JSON::Object::Ptr>();
  EXPECT_EQ(object->getValue<std::string>("text"), "a\"\n\x01\xEF\xBF\xBD\\");
  EXPECT_EQ(object->getValue<Poco::Int64>("large"), std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(object->isNull("nan"));
  EXPECT_TRUE(object->isNull("none"));
}

TEST(Output, AlignsAnObjectsMembersForPeopleAndComplainsOnStandardError) {
  Printed printed;
  Output output(printed.out, printed.error, false);
  output.object({{"id", "plank"}, {"took_ms", std::int64_t(3)}});
  output.say("done");
  output.raw("x");
  output.complain("wrong");
  EXPECT_EQ(printed.out.str(), "id       plank\ntook_ms  3\ndone\nx");
  EXPECT_EQ(printed.error.str(), "calixo: wrong\n");
}

class ProgressTest : public testing::Test {
 protected:
  std::function<Progress::Clock::time_point()> clock() {
    return [this] { return Progress::Clock::time_point(elapsed_); };
  }
  std::ostringstream out_;
  std::chrono::milliseconds elapsed_{0};
};

TEST_F(ProgressTest, WritesPlainLinesAtTenthsWhereThereIsNoTerminal) {
  Progress progress(out_, false, "applying", 1000, clock());
  for (std::size_t i = 0; i <= 1000; ++i) progress.advance(i);
  elapsed_ = std::chrono::milliseconds(61'500);
  progress.finish();
  EXPECT_THAT(out_.str(), HasSubstr("applying ...\napplying: 10 % after 0.0 s\n"));
  EXPECT_THAT(out_.str(), HasSubstr("applying: done in 1 min 01 s\n"));
  const std::string text = out_.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(ProgressTest, RenewsOneLineOnATerminal) {
  Progress progress(out_, true, "applying", 4, clock());
  elapsed_ = std::chrono::milliseconds(1500);
  progress.advance(1, "0001_users.sql\n");
  EXPECT_THAT(out_.str(), HasSubstr("\r\x1b[2K 25 % applying: 0001_users.sql\\n (1.5 s)"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("\n")));
  progress.finish();
  EXPECT_THAT(out_.str(), testing::EndsWith("\r\x1b[2Kapplying: done in 1.5 s\n"));
}

TEST_F(ProgressTest, TurnsASpinnerWhereTheEndIsUnknown) {
  Progress progress(out_, true, "waiting", 0, clock());
  progress.advance(1);
  progress.advance(2);
  EXPECT_THAT(out_.str(), HasSubstr("\r\x1b[2K| waiting"));
  EXPECT_THAT(out_.str(), HasSubstr("\r\x1b[2K- waiting"));
}

TEST_F(ProgressTest, SaysThatItFailedWhereNobodyFinishedIt) {
  { Progress progress(out_, false, "starting", 0, clock()); }
  EXPECT_EQ(out_.str(), "starting ...\nstarting: failed in 0.0 s\n");
}

}  // namespace
}  // namespace calixo::host
