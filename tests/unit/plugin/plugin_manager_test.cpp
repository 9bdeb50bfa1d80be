#include "plugin/plugin_manager.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "config/configuration.hpp"

namespace calixo::host {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Loads and resolves fixture plugins as the server would.
struct Loaded {
  using Settings = std::vector<std::pair<std::string, std::string>>;
  explicit Loaded(const std::vector<std::string>& enabled, const Settings& settings = {},
                  PluginSource source = PluginSource::libraries) {
    context.configuration = &configuration;
    for (const auto& [name, value] : settings) configuration.set(name, value);
    manager.load(enabled, CALIXO_FIXTURES, source);
    manager.resolve(configuration);
    manager.check_routes({});
    manager.check_grants(configuration);
  }
  const PluginInstance& plugin(const std::string& name) const {
    for (const auto& one : manager.plugins()) {
      if (one->name == name) return *one;
    }
    throw std::out_of_range(name);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& one : manager.plugins()) all.push_back(one->name);
    return all;
  }
  Configuration configuration;
  HostContext context;
  PluginManager manager{context};
};

TEST(PluginManager, TakesWhatAPluginRegisters) {
  const Loaded loaded({"plain"});
  EXPECT_THAT(loaded.manager.fatal_failures(), IsEmpty());
  EXPECT_EQ(loaded.plugin("plain").registrations.routes.at(0).route.path, "/plain");
  EXPECT_EQ(loaded.configuration.find("plain.limit")->max, 100);
}

struct Refusal {
  const char* plugin;
  const char* reason;
};

class PluginRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(PluginRefusal, NamesTheCause) {
  const std::string plugin = GetParam().plugin;
  const Loaded loaded({plugin}, {{"plugins." + plugin + ".manifest", "optional"}});
  EXPECT_THAT(loaded.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr(GetParam().plugin), HasSubstr(GetParam().reason))));
}

INSTANTIATE_TEST_SUITE_P(
    Entries, PluginRefusal,
    testing::Values(
        Refusal{"wrong_magic", "magic"}, Refusal{"wrong_major", "plugin ABI 99."},
        Refusal{"newer_minor", "upgrade the server"}, Refusal{"small_struct", "rebuild it"},
        Refusal{"no_symbol", "exports no calixo_plugin_entry"}, Refusal{"bad_id", "its id is not"},
        Refusal{"wants_future", "has no calixo.future/1: upgrade the server"},
        Refusal{"nowhere", "was not found"}, Refusal{"fails_describe", "the fixture refuses"},
        Refusal{"bad_topic", "joined by dots"}, Refusal{"bad_route", "does not begin with '/'"}),
    [](const auto& instance) { return std::string(instance.param.plugin); });

TEST(PluginManager, RefusesAFileThatIsNoLibrary) {
  const std::string file = testing::TempDir() + "/libtorn.so";
  std::ofstream(file) << "\x7f"
                         "ELF and nothing more";
  const Loaded loaded({file});
  EXPECT_THAT(loaded.manager.fatal_failures(), ElementsAre(HasSubstr("is cut short")));
}

TEST(PluginManager, NamesBothFilesOfOneId) {
  const Loaded loaded({"plain", "twin"});
  EXPECT_THAT(
      loaded.manager.fatal_failures(),
      ElementsAre(AllOf(HasSubstr("plugin id plain is loaded twice"), HasSubstr("libplain.so"),
                        HasSubstr("libtwin.so"), HasSubstr("take one of them out"))));
}

TEST(PluginManager, NamesAPluginThatIsLoadedTwice) {
  const Loaded loaded({"plain", "plain"});
  EXPECT_THAT(loaded.manager.fatal_failures(), ElementsAre(HasSubstr("is loaded twice")));
}

TEST(PluginManager, TellsWhatTheLoaderMisses) {
  const Loaded loaded({"unresolved"}, {{"plugins.unresolved.manifest", "optional"}});
  EXPECT_THAT(loaded.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("can't be opened"), HasSubstr("nobody_defines_this"))));
}

TEST(PluginManager, KnowsAFileThatFailsByItsNameAlone) {
  Loaded loaded({"/nowhere/libcalixo_absent.so"});
  loaded.configuration.set("plugins.absent.required", "false");
  loaded.manager.set_required(loaded.configuration);
  EXPECT_THAT(loaded.manager.fatal_failures(), IsEmpty());
  EXPECT_THAT(loaded.plugin("absent").failure, HasSubstr("does not exist"));
}

TEST(PluginManager, NamesBothPluginsThatWantOneRoute) {
  const Loaded loaded({"plain", "same_route"});
  EXPECT_THAT(loaded.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("plain"), HasSubstr("same_route"), HasSubstr("/plain"))));
}

TEST(PluginManager, NamesBothPluginsThatWantOneKey) {
  const Loaded loaded({"plain", "same_key"});
  EXPECT_THAT(loaded.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("plain.limit"), HasSubstr("same_key"))));
}

TEST(PluginManager, NamesBothPluginsThatOfferOneService) {
  const Loaded loaded({"offers", "offers_too"});
  EXPECT_THAT(
      loaded.manager.fatal_failures(),
      ElementsAre(AllOf(HasSubstr("test.greeting/1"), HasSubstr("by offers and by offers_too"))));
}

TEST(PluginManager, NamesBothPluginsThatDeclareOneTopic) {
  const Loaded loaded({"topic", "topic_too"});
  EXPECT_THAT(
      loaded.manager.fatal_failures(),
      ElementsAre(AllOf(HasSubstr("topic test.happened"), HasSubstr("by topic and by topic_too"))));
}

TEST(PluginManager, StartsTheOwnerOfANeededServiceFirst) {
  const Loaded loaded({"needs", "offers"});
  EXPECT_THAT(loaded.names(), ElementsAre("offers", "needs"));
}

TEST(PluginManager, FindsOnlyServicesThatWereAskedFor) {
  Loaded loaded({"needs", "offers"});
  loaded.manager.configure();
  loaded.manager.start();
  EXPECT_THAT(loaded.manager.fatal_failures(), IsEmpty());
}

TEST(PluginManager, NamesTheServiceThatNobodyOffers) {
  const Loaded loaded({"needs"});
  EXPECT_THAT(loaded.manager.fatal_failures(), ElementsAre(HasSubstr("test.greeting/1")));
}

TEST(PluginManager, ShowsThePointsOwnerWhatOthersAddToIt) {
  Loaded loaded({"extends", "point"});
  EXPECT_THAT(loaded.names(), ElementsAre("point", "extends"));
  loaded.manager.configure();
  loaded.manager.start();
  EXPECT_THAT(loaded.manager.fatal_failures(), IsEmpty());
}

TEST(PluginManager, NamesThePointThatNobodyDefines) {
  const Loaded loaded({"extends"});
  EXPECT_THAT(loaded.manager.fatal_failures(), ElementsAre(HasSubstr("it extends test.point/1")));
}

TEST(PluginManager, NamesBothPluginsThatExtendAPointUnderOneName) {
  const Loaded loaded({"point", "extends", "extends_too"});
  EXPECT_THAT(loaded.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("\"friendly\""), HasSubstr("extends_too"))));
}

TEST(PluginManager, NamesTheDependencyThatIsNotEnabled) {
  const Loaded loaded({"depends_on_plain"});
  EXPECT_THAT(loaded.manager.fatal_failures(), ElementsAre(HasSubstr("depends on plugin plain")));
}

TEST(PluginManager, NamesTheWholeCircle) {
  const Loaded loaded({"circle_a", "circle_b"});
  EXPECT_THAT(loaded.manager.fatal_failures(), SizeIs(2));
  EXPECT_THAT(loaded.plugin("circle_a").failure, HasSubstr("circle_a -> circle_b -> circle_a"));
}

TEST(PluginManager, RunsOnWithoutAnOptionalPluginThatFails) {
  Loaded loaded({"plain", "fails_start"});
  loaded.configuration.set("plugins.fails_start.required", "false");
  loaded.manager.set_required(loaded.configuration);
  loaded.manager.configure();
  loaded.manager.start();
  EXPECT_THAT(loaded.manager.fatal_failures(), IsEmpty());
  EXPECT_THAT(loaded.plugin("fails_start").failure, HasSubstr("can't start"));
  Router router;
  loaded.manager.add_routes(router);
  EXPECT_THAT(router.routes(), SizeIs(1));
}

}  // namespace
}  // namespace calixo::host
