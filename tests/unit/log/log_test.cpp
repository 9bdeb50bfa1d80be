// The running log: what reaches its descriptor.
#include "log/log.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace calixo::host::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// A file that the log writes to; lines() stops the log first, so that all is written.
class LogFile {
 public:
  LogFile() {
    path_ = (std::filesystem::temp_directory_path() / "calixo-log-XXXXXX").string();
    descriptor_ = ::mkstemp(path_.data());
  }
  ~LogFile() {
    stop();
    ::close(descriptor_);
    std::filesystem::remove(path_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  Options options(std::string format, Level level = Level::info) const {
    Options made;
    made.format = std::move(format);
    made.level = level;
    made.descriptor = descriptor_;
    return made;
  }
  std::vector<std::string> lines() {
    stop();
    std::ifstream file(path_);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

 private:
  std::string path_;
  int descriptor_ = -1;
};

TEST(Log, WritesJsonWhereTheDescriptorIsNoTerminal) {
  LogFile file;
  start(file.options("auto"));
  info("plugin started", {{"took_ms", 14}});
  EXPECT_THAT(file.lines(), ElementsAre(HasSubstr(R"("event":"plugin started","took_ms":14})")));
}

TEST(Log, WritesTextWithoutColoursToAFileWhenAskedForText) {
  LogFile file;
  start(file.options("text"));
  warn("degraded", {{"why", "slow disk"}});
  const auto lines = file.lines();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].substr(13), "warn  degraded why=\"slow disk\"");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  LogFile file;
  start(file.options("text", Level::warn));
  EXPECT_FALSE(is_enabled(Level::info));
  debug("a");
  info("b");
  warn("c");
  error("d");
  EXPECT_THAT(file.lines(), ElementsAre(HasSubstr("warn  c"), HasSubstr("error d")));
}

TEST(Log, WritesEveryQueuedLineOnceWhenItStops) {
  LogFile file;
  const std::uint64_t dropped_before = dropped_count();
  start(file.options("json"));
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([] {
      for (int n = 0; n < 1000; ++n) info("line", {{"n", n}});
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(dropped_count(), dropped_before);
  EXPECT_THAT(file.lines(), SizeIs(4000));
}

TEST(Log, WritesAtOnceWhereItIsNotStarted) {
  stop();
  testing::internal::CaptureStderr();
  error("early", {{"why", "no log yet"}});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(R"("event":"early")"));
}

// A pipe that nobody reads: the log's thread waits in its first write, the queue runs over, and the
// writers go on.
TEST(Log, DropsAndCountsTheOldestLinesInsteadOfWaitingForASlowReader) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
  const std::vector<char> filling(1 << 12, 'x');
  while (::write(ends[1], filling.data(), filling.size()) > 0) {
  }
  const std::uint64_t before = dropped_count();
  Options options;
  options.format = "json";
  options.queue_length_max = 16;
  options.descriptor = ends[1];
  start(options);
  for (int n = 0; n < 1000; ++n) info("line", {{"n", n}});
  const std::uint64_t dropped = dropped_count() - before;
  EXPECT_GE(dropped, 1000u - 16 - 1);

  std::ostringstream read;
  std::thread reader([&] {
    std::array<char, 4096> bytes{};
    for (ssize_t count = 0; (count = ::read(ends[0], bytes.data(), bytes.size())) > 0;) {
      read.write(bytes.data(), count);
    }
  });
  stop();
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  EXPECT_THAT(read.str(), HasSubstr(R"("n":999})"));
  EXPECT_THAT(read.str(),
              HasSubstr(R"("event":"log lines dropped","count":)" + std::to_string(dropped)));
  EXPECT_EQ(dropped_count(), before + dropped);
}

}  // namespace
}  // namespace calixo::host::log
