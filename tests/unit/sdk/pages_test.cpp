// Keyset pages: cursors lead back to their id, and nothing else passes for one.
#include <calixo/pages.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace calixo {
namespace {

TEST(Cursor, LeadsBackToItsId) {
  for (const std::int64_t id : {std::int64_t{0}, std::int64_t{1}, std::int64_t{2'147'483'647},
                                std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(id_of_cursor(cursor_after(id)), id);
  }
}

TEST(Cursor, IsNoBareNumber) { EXPECT_EQ(cursor_after(42).find("42"), std::string::npos); }

TEST(Cursor, RefusesWhatItNeverGave) {
  const std::string cursor = cursor_after(1234);
  for (const std::string& text :
       {std::string(), std::string("1234"), cursor + "0", cursor.substr(1), "0" + cursor,
        std::string(14, '0').replace(0, 1, "u"), std::string(14, 'z'), std::string(14, '\xff'),
        "-" + cursor.substr(1)}) {
    EXPECT_FALSE(id_of_cursor(text).has_value()) << text;
  }
}

TEST(Cursor, RefusesMostEditedOnes) {
  int taken = 0;
  for (std::int64_t id = 1; id <= 1000; ++id) {
    std::string cursor = cursor_after(id);
    cursor.back() = cursor.back() == '0' ? '1' : '0';
    taken += id_of_cursor(cursor).has_value() ? 1 : 0;
  }
  EXPECT_EQ(taken, 0);
}

struct Item {
  std::int64_t id;
};

TEST(Pages, TellWhereTheNextBeginsOnlyWhereOneFollows) {
  const Page<Item> last = page_of<Item>({{7}, {8}}, 2);
  EXPECT_EQ(last.items.size(), 2U);
  EXPECT_FALSE(last.next);
  const Page<Item> cut = page_of<Item>({{7}, {8}, {9}}, 2);
  EXPECT_EQ(cut.items.size(), 2U);
  EXPECT_EQ(cut.next, cursor_after(8));
}

}  // namespace
}  // namespace calixo
