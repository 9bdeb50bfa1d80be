// Lines between a worker and its supervisor, both ways, and the words a worker is started with.
#include "app/worker_told.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "app/worker_arguments.hpp"

namespace calixo::host {
namespace {

// What the supervisor makes of a text.
WorkerTold told(std::string text) {
  WorkerTold all;
  all.take(text);
  return all;
}

constexpr const char* kPlugins =
    "plugin\tplank\tplank\t1\nplugin\tplank\torg.example.plank\t0\nplugin\tauth\tauth\t1\n";

TEST(WorkerTold, ReadsWhatAWorkerWrites) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const WorkerReport report(ends[1]);
  report.plugin("plank", "org.example.plank", false);
  report.route("org.example.plank", "GET", "/api/plank");
  report.notice("two\nlines\tand a tab");
  report.refused("no");
  report.ready();
  std::array<char, 4096> buffer;
  const ssize_t size = ::read(ends[0], buffer.data(), buffer.size());
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_GT(size, 0);
  const WorkerTold all = told(std::string(buffer.data(), static_cast<std::size_t>(size)));
  EXPECT_TRUE(all.is_ready());
  EXPECT_EQ(all.notices(), std::vector<std::string>{"two lines and a tab"});
  EXPECT_EQ(all.refusals(), std::vector<std::string>{"no"});
  const WorkerTold::Plugin* plugin = all.blamed({"abort", "org.example.plank start"});
  ASSERT_NE(plugin, nullptr);
  EXPECT_FALSE(plugin->is_required);
  EXPECT_EQ(plugin->routes, std::vector<std::string>{"GET /api/plank"});
}

TEST(WorkerTold, KeepsALineWithoutItsEndForLater) {
  WorkerTold all;
  std::string text = "ready";
  all.take(text);
  EXPECT_FALSE(all.is_ready());
  text += "\n";
  all.take(text);
  EXPECT_TRUE(all.is_ready());
  EXPECT_EQ(text, "");
}

TEST(WorkerTold, BlamesThePluginOfTheLabelByIdOrByName) {
  const WorkerTold all = told(std::string(kPlugins) + "crash\tabort\torg.example.plank GET /x\n");
  ASSERT_TRUE(all.crash());
  ASSERT_NE(all.blamed(*all.crash()), nullptr);
  EXPECT_EQ(all.blamed(*all.crash())->enabled_as, "plank");
  EXPECT_NE(all.blamed({"abort", "plank load"}), nullptr);
}

TEST(WorkerTold, BlamesTheCodeOnTheStackBeforeTheLabel) {
  const WorkerTold all =
      told(std::string(kPlugins) + "crash\tabort\tauth GET /x\nculprit\tplank\n");
  ASSERT_NE(all.blamed(*all.crash()), nullptr);
  EXPECT_EQ(all.blamed(*all.crash())->id, "org.example.plank");
}

TEST(WorkerTold, BlamesNobodyForTheServersOwnWork) {
  const WorkerTold all = told(std::string(kPlugins) + "crash\tabort\tloop\n");
  EXPECT_EQ(all.blamed(*all.crash()), nullptr);
  EXPECT_EQ(all.blamed({"abort", "host GET /metrics"}), nullptr);
}

TEST(WorkerTold, NonsenseIsNotTaken) {
  const WorkerTold all = told("\n\t\nroute\tx\nplugin\nready or not\ncrash\t\n");
  EXPECT_FALSE(all.is_ready());
  EXPECT_FALSE(all.crash());
}

TEST(WorkerArguments, AHistoryComesOverUnchanged) {
  PluginHistory history;
  history.left_out.push_back(
      {"plank", "org.example.plank", {"GET /api/plank/{id:int}", "POST /b"}});
  history.crashes.push_back({"org.example.plank", 3, 7});
  std::vector<std::string> words = worker_arguments(Sources{}, history);
  words.erase(words.begin());  // the command's own
  const PluginHistory read = history_of(Arguments::parse(words, history_options()));
  ASSERT_EQ(read.left_out.size(), 1U);
  EXPECT_EQ(read.left_out[0].enabled_as, "plank");
  EXPECT_EQ(read.left_out[0].id, "org.example.plank");
  EXPECT_EQ(read.left_out[0].routes, history.left_out[0].routes);
  ASSERT_EQ(read.crashes.size(), 1U);
  EXPECT_EQ(read.crashes[0].within_a_minute, 3);
  EXPECT_EQ(read.crashes[0].total, 7);
}

TEST(WorkerArguments, AMalformedHistoryIsRefused) {
  EXPECT_THROW(history_of(Arguments::parse({"--left-out=plank"}, history_options())), UsageError);
  EXPECT_THROW(history_of(Arguments::parse({"--crashes=plank=3"}, history_options())), UsageError);
}

}  // namespace
}  // namespace calixo::host
