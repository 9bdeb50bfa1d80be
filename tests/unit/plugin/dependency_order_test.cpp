#include "plugin/dependency_order.hpp"

#include <gmock/gmock.h>

namespace calixo::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DependencyOrder, KeepsTheGivenOrderWhereNothingDecides) {
  EXPECT_THAT(order_by_dependencies({{"b", {}}, {"a", {}}, {"c", {}}}).names,
              ElementsAre("b", "a", "c"));
}

TEST(DependencyOrder, PutsWhatIsNeededFirst) {
  EXPECT_THAT(order_by_dependencies({{"store", {"auth"}}, {"auth", {}}}).names,
              ElementsAre("auth", "store"));
}

TEST(DependencyOrder, VisitsASharedNeedOnce) {
  EXPECT_THAT(order_by_dependencies({{"a", {"base"}}, {"b", {"base", "a"}}, {"base", {}}}).names,
              ElementsAre("base", "a", "b"));
}

TEST(DependencyOrder, TellsACircleFromItsFirstNodeBackToIt) {
  const DependencyOrder order =
      order_by_dependencies({{"x", {"a"}}, {"a", {"b"}}, {"b", {"c"}}, {"c", {"a"}}});
  EXPECT_THAT(order.cycle, ElementsAre("a", "b", "c", "a"));
}

TEST(DependencyOrder, FindsNoCircleInADiamond) {
  EXPECT_THAT(
      order_by_dependencies({{"top", {"l", "r"}}, {"l", {"base"}}, {"r", {"base"}}, {"base", {}}})
          .cycle,
      IsEmpty());
}

}  // namespace
}  // namespace calixo::host
