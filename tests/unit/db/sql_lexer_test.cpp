#include "db/sql_lexer.hpp"

#include <gmock/gmock.h>

namespace calixo::host {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> texts(std::string_view sql) {
  std::vector<std::string> all;
  for (const SqlToken& token : sql_tokens(sql)) all.push_back(token.text);
  return all;
}

TEST(SqlLexer, FoldsWordsAndKeepsQuotedNames) {
  EXPECT_THAT(texts(R"(SELECT "Role", naïve FROM a$b)"),
              ElementsAre("select", "Role", ",", "naïve", "from", "a$b"));
}

TEST(SqlLexer, DecodesEveryKindOfText) {
  EXPECT_THAT(texts("'it''s'"), ElementsAre("it's"));
  EXPECT_THAT(texts(R"(E'a\'b\x41\101\u0041\n')"), ElementsAre("a'bAAA\n"));
  EXPECT_THAT(texts(R"(U&'d\0061t\+000061\\')"), ElementsAre("data\\"));
  EXPECT_THAT(texts(R"(U&"d!0061t" uescape '!')"), ElementsAre("dat"));
  EXPECT_THAT(texts("$a$ it's $$ $b$ $a$"), ElementsAre(" it's $$ $b$ "));
  EXPECT_THAT(texts(R"('\' 1)"), ElementsAre("\\", "1"));
}

TEST(SqlLexer, JoinsTextsThatALineEndDivides) {
  EXPECT_THAT(texts("'se' \n -- more\n 't'"), ElementsAre("set"));
  EXPECT_THAT(texts("'a' 'b'"), ElementsAre("a", "b"));
  // The second part is read as the first: \' does not close it, and set_config stands outside.
  EXPECT_THAT(texts("E'a'\n'\\'' , set_config --'"), ElementsAre("a'", ",", "set_config"));
}

TEST(SqlLexer, LeavesCommentsOut) {
  EXPECT_THAT(texts("a/* b /* c */ d */e -- f\n g"), ElementsAre("a", "e", "g"));
  EXPECT_THAT(texts("a /* b"), ElementsAre("a"));
}

TEST(SqlLexer, KeepsParametersApartFromDollarQuotes) {
  EXPECT_THAT(texts("$1$a$x$a$"), ElementsAre("$", "1", "x"));
}

TEST(SqlLexer, DividesStatementsOutsideOfTextsAlone) {
  EXPECT_THAT(sql_statements(";select ';' /*;*/; ; insert $$;$$"), SizeIs(2));
}

}  // namespace
}  // namespace calixo::host
