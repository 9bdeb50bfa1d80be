// Which command runs, and what is said where none does.
#include "cli/command.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace calixo::host {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Ran {
  int status = 0;
  std::string out, error;
  std::string command;
  std::vector<std::string> positional;
  std::string config;
  bool is_json = false;
};

class CommandSetTest : public testing::Test {
 protected:
  CommandSetTest() : commands_("calixo", {{"config", "FILE", "configuration file", false}}) {
    add("migrate status", "Shows what is applied.");
    add("migrate up", "Applies what is new.");
    Command get = made("config get", "Shows a value.");
    get.positional = "KEY";
    get.positional_min = get.positional_max = 1;
    get.options = {{"origin", "", "and where it comes from", false}};
    commands_.add(get);
    Command worker = made("worker", "Runs loops.");
    worker.is_hidden = true;
    commands_.add(worker);
    Command plugin = made("users create-admin", "Creates an administrator.");
    plugin.takes_raw_words = true;
    plugin.usage = "--email ADDRESS [--password-stdin]";
    commands_.add(plugin);
  }

  Command made(const std::string& words, const std::string& summary) {
    Command command;
    command.words = words;
    command.summary = summary;
    command.run = [this, words](const Arguments& arguments, Output& output) {
      ran_.command = words;
      ran_.positional = arguments.positional();
      ran_.config = arguments.value("config").value_or("");
      ran_.is_json = output.is_json();
      return kExitProblem;
    };
    return command;
  }
  void add(const std::string& words, const std::string& summary) {
    commands_.add(made(words, summary));
  }

  Ran run(const std::vector<std::string>& words) {
    ran_ = {};
    std::ostringstream out, error;
    ran_.status = commands_.run(words, out, error);
    ran_.out = out.str();
    ran_.error = error.str();
    return ran_;
  }

  CommandSet commands_;
  Ran ran_;
};

TEST_F(CommandSetTest, RunsTheCommandOfTheLongestMatchAndAnswersItsStatus) {
  const Ran ran = run({"config", "get", "http.port", "--origin"});
  EXPECT_EQ(ran.command, "config get");
  EXPECT_EQ(ran.status, kExitProblem);
  EXPECT_THAT(ran.positional, ElementsAre("http.port"));
  EXPECT_FALSE(ran.is_json);
}

TEST_F(CommandSetTest, TakesCommonOptionsBeforeBetweenAndBehindTheWords) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--config", "migrate", "migrate", "status", "--json"},
        std::vector<std::string>{"migrate", "--json", "--config=migrate", "status"},
        std::vector<std::string>{"migrate", "status", "--config", "migrate", "--json"}}) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.command, "migrate status") << ran.error;
    EXPECT_EQ(ran.config, "migrate");
    EXPECT_TRUE(ran.is_json);
    EXPECT_THAT(ran.positional, IsEmpty());
  }
}

TEST_F(CommandSetTest, LeavesJsonBehindTwoDashesAlone) {
  const Ran ran = run({"config", "get", "--", "--json"});
  EXPECT_FALSE(ran.is_json);
  EXPECT_THAT(ran.positional, ElementsAre("--json"));
}

TEST_F(CommandSetTest, HandsAPluginsCommandItsWordsUnread) {
  const Ran ran =
      run({"users", "create-admin", "--email", "a@b", "--config", "c", "--json", "--x"});
  EXPECT_THAT(ran.positional, ElementsAre("--email", "a@b", "--x"));
  EXPECT_EQ(ran.config, "c");
  EXPECT_TRUE(ran.is_json);
}

TEST_F(CommandSetTest, SuggestsTheNearestCommandAndExitsAsAUsageError) {
  const Ran ran = run({"migrate", "staus"});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.error,
            "calixo: unknown command migrate staus; did you mean calixo migrate status?\n");
  EXPECT_THAT(run({"confg", "get", "http.port"}).error, HasSubstr("calixo config get?"));
  EXPECT_THAT(run({"fly"}).error, HasSubstr("`calixo --help` shows all commands"));
  EXPECT_THAT(run({"workr"}).error, Not(HasSubstr("worker")));
}

TEST_F(CommandSetTest, ListsWhatFollowsWhereTheWordsAreABeginning) {
  const Ran ran = run({"migrate"});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.error, AllOf(HasSubstr("migrate status"), HasSubstr("migrate up"),
                               Not(HasSubstr("config get"))));
  EXPECT_EQ(run({"migrate", "--help"}).status, kExitOk);
}

TEST_F(CommandSetTest, ShowsTheOverviewForHelpAndAsAnErrorForNoWords) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--help"}, {"-h"}, {"help"}, {"--config", "x", "--help"}}) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.status, kExitOk);
    EXPECT_THAT(ran.out, AllOf(HasSubstr("migrate status      Shows what is applied."),
                               HasSubstr("--config FILE"), Not(HasSubstr("worker"))));
  }
  const Ran none = run({});
  EXPECT_EQ(none.status, kExitUsage);
  EXPECT_EQ(none.out, "");
  EXPECT_EQ(none.error, commands_.help());
}

TEST_F(CommandSetTest, ShowsACommandsHelpWithoutRunningIt) {
  const Ran ran = run({"config", "get", "--help"});
  EXPECT_EQ(ran.command, "");
  EXPECT_EQ(ran.status, kExitOk);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("usage: calixo config get KEY [OPTIONS]\n"),
                             HasSubstr("  --origin  and where it comes from\n"),
                             HasSubstr("  --json         answer in JSON\n")));
  EXPECT_THAT(run({"users", "create-admin", "--help"}).out,
              HasSubstr("usage: calixo users create-admin --email ADDRESS [--password-stdin]\n"));
}

TEST_F(CommandSetTest, RefusesTooManyAndTooFewWordsAndUnknownOptions) {
  EXPECT_EQ(run({"config", "get"}).error,
            "calixo: config get needs KEY; see `calixo config get --help`\n");
  EXPECT_THAT(run({"config", "get", "a", "b"}).error, HasSubstr("unexpected word b"));
  EXPECT_THAT(run({"config", "get", "a", "--orign"}).error, HasSubstr("did you mean --origin?"));
  EXPECT_EQ(run({"migrate", "up", "--jsn"}).status, kExitUsage);
  EXPECT_EQ(run({"--config"}).status, kExitUsage);
  EXPECT_EQ(ran_.command, "");
}

TEST_F(CommandSetTest, RefusesACommandTwice) {
  EXPECT_THROW(add("migrate up", "Again."), std::logic_error);
}

TEST_F(CommandSetTest, TakesWordsThatLeaveNoneForAFurtherCommand) {
  EXPECT_TRUE(commands_.takes({"config", "get", "http.port"}));
  EXPECT_TRUE(commands_.takes({"--config", "file", "migrate", "up", "--json"}));
  EXPECT_TRUE(commands_.takes({"users", "create-admin", "anything"}));
  EXPECT_FALSE(commands_.takes({"migrate", "up", "further"}));
  EXPECT_FALSE(commands_.takes({"migrate"}));
  EXPECT_FALSE(commands_.takes({}));
}

TEST_F(CommandSetTest, AFurtherCommandStandsBelowOneThatHasItsWords) {
  add("migrate up plugins", "Applies what is new of plugins.");
  EXPECT_EQ(run({"migrate", "up", "plugins"}).command, "migrate up plugins");
  EXPECT_EQ(run({"migrate", "up"}).command, "migrate up");
  EXPECT_TRUE(commands_.has("migrate up plugins"));
  EXPECT_FALSE(commands_.has("migrate"));
}

}  // namespace
}  // namespace calixo::host
