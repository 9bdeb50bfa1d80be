#include "db/array_text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace calixo::host {
namespace {

TEST(ArrayText, QuotesWhatPostgresWouldReadOtherwise) {
  EXPECT_EQ(array_of(std::vector<std::string>{}), "{}");
  EXPECT_EQ(array_of(std::vector<std::string>{"a", "", "b,c", "d\"\\e", "NULL"}),
            R"({"a","","b,c","d\"\\e","NULL"})");
  EXPECT_EQ(array_of(std::vector<std::optional<std::string>>{"a", std::nullopt}), R"({"a",NULL})");
}

}  // namespace
}  // namespace calixo::host
