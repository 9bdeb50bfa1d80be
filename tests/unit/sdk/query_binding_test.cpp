// Query strings bound to described structs.
#include "bound_types.hpp"

namespace calixo::test {
namespace {

struct ListQuery {
  std::optional<Kind> type;
  int limit = 20;
  std::vector<std::string> tag = {};
  std::optional<std::string> q;
  bool mine = false;
  std::optional<double> ratio;
  std::optional<Timestamp> since;
  std::optional<std::vector<int>> ids;
  std::string needed;
};
BOOST_DESCRIBE_STRUCT(ListQuery, (), (type, limit, tag, q, mine, ratio, since, ids, needed))
CALIXO_RULES(ListQuery) {
  rules.at<&ListQuery::limit>().range(1, 100);
  rules.at<&ListQuery::tag>().length(0, 3).optional();
  rules.at<&ListQuery::ids>().length(1, 2);
  rules.at<&ListQuery::needed>().optional();
}

Errors query_errors(std::string_view query) {
  return errors_of([&] { parse_query<ListQuery>(query); });
}

TEST(QueryBinding, ReadsEveryKindOfParameter) {
  const auto read = parse_query<ListQuery>(
      "type=daily&limit=5&tag=a&tag=b%20c&q=x+y%2B&mine=1&ratio=-0.5&since=2026-01-01T00:00:00Z&"
      "ids=1&ids=2");
  EXPECT_EQ(read.type, Kind::daily);
  EXPECT_EQ(read.limit, 5);
  EXPECT_EQ(read.tag, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(read.q, "x y+");
  EXPECT_TRUE(read.mine);
  EXPECT_EQ(read.ratio, -0.5);
  EXPECT_EQ(read.since->unix_s(), 1767225600);
  EXPECT_EQ(read.ids, (std::vector<int>{1, 2}));
}

TEST(QueryBinding, LeavesDefaultsWhereNothingIsGiven) {
  for (const char* query : {"", "&", "&&", "unknown=1", "unknown"}) {
    const auto read = parse_query<ListQuery>(query);
    EXPECT_EQ(read.limit, 20) << query;
    EXPECT_FALSE(read.q) << query;
  }
}

TEST(QueryBinding, ReportsEveryWrongParameter) {
  EXPECT_EQ(query_errors("type=x&limit=0&mine=yes&ratio=a&since=now&ids=1&ids=b&q=1&q=2"),
            (Errors{"enum type", "range limit", "type mine", "type ratio", "format since",
                    "type ids[1]", "type q"}));
  EXPECT_EQ(query_errors("limit="), Errors{"type limit"});
  EXPECT_EQ(query_errors("limit=1&limit=2"), Errors{"type limit"});
  EXPECT_EQ(query_errors("tag=1&tag=2&tag=3&tag=4"), Errors{"length tag"});
  EXPECT_EQ(query_errors("ids=1&ids=2&ids=3"), Errors{"length ids"});
  EXPECT_EQ(query_errors("limit=%201"), Errors{"type limit"});
}

TEST(QueryBinding, RefusesBrokenEscapesAndBytes) {
  EXPECT_EQ(query_errors("q=%"), Errors{"format q"});
  EXPECT_EQ(query_errors("q=%2"), Errors{"format q"});
  EXPECT_EQ(query_errors("q=%zz"), Errors{"format q"});
  EXPECT_EQ(query_errors("q=%ff"), Errors{"format q"});
  EXPECT_EQ(query_errors("q=a%00b"), Errors{"format q"});
  EXPECT_EQ(query_errors("ids=%ff&ids=2"), Errors{"format ids"});
  EXPECT_EQ(query_errors("%ff=1"), Errors{"format "});
}

TEST(QueryBinding, KeysAreDecodedToo) { EXPECT_EQ(parse_query<ListQuery>("%6cimit=7").limit, 7); }

TEST(QuerySchema, KnowsNoNull) {
  EXPECT_EQ(json_schema<ListQuery>(SchemaOf::query).find("null"), std::string::npos);
}

}  // namespace
}  // namespace calixo::test
