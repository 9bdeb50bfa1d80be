// A step that comes to an end is left alone; one that does not is named and ends the process.
#include "runtime/step_watch.hpp"

#include <gtest/gtest.h>

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

TEST(StepWatch, LeavesAStepAloneThatEnds) {
  for (int i = 0; i < 100; ++i) const StepWatch watch("plank start", milliseconds(60'000));
}

TEST(StepWatchDeathTest, NamesAndEndsAStepWithoutAnEnd) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto wait_for_ever = [] {
    const StepWatch watch("plank start", milliseconds(10));
    for (volatile bool goes_on = true; goes_on;) {
    }
  };
  EXPECT_EXIT(wait_for_ever(), testing::ExitedWithCode(70), "no end after 10 ms in plank start");
}

}  // namespace
}  // namespace calixo::host
