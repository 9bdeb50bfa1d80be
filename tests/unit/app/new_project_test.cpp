// What `calixo new` makes of a name, and of the templates' text.
#include "app/new_project.hpp"

#include <gmock/gmock.h>

namespace calixo::host {
namespace {

TEST(NewProject, AWordBelongsToTheExampleDomain) {
  const ProjectNames names = project_names("morning-run");
  EXPECT_EQ(names.id, "org.example.morning-run");
  EXPECT_EQ(names.word, "morning_run");
  EXPECT_EQ(names.title, "MorningRun");
  EXPECT_EQ(names.role, "calixo_org_example_morning_run");
}

TEST(NewProject, AnIdIsTakenWhole) {
  const ProjectNames names = project_names("org.acme.tea");
  EXPECT_EQ(names.id, "org.acme.tea");
  EXPECT_EQ(names.word, "tea");
  EXPECT_EQ(names.role, "calixo_org_acme_tea");
}

TEST(NewProject, TheLongestIdKeepsItsRolesName) {
  const std::string longest = "org.acme." + std::string(41, 'x');
  EXPECT_EQ(project_names(longest).role, "calixo_org_acme_" + std::string(41, 'x'));
  EXPECT_THROW(project_names(longest + "x"), ProjectError);
}

TEST(NewProject, WhatIsNoNameSaysWhatWouldBeOne) {
  for (const char* wanted : {"", "Tea", "9lives", "tea-", "tea--cup", "a..b", ".tea", "tea.", "a b",
                             "a/b", "a\nb", "..", "té"}) {
    try {
      project_names(wanted);
      ADD_FAILURE() << wanted;
    } catch (const ProjectError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("org.acme.morning-run"));
    }
  }
}

TEST(NewProject, EveryNameOfTheSampleIsReplaced) {
  const ProjectNames names = project_names("org.acme.morning-run");
  EXPECT_EQ(named_text("class SampleName; // org.example.sample_name\n"
                       "grant select on sample_name_notes to calixo_org_example_sample_name;",
                       names),
            "class MorningRun; // org.acme.morning-run\n"
            "grant select on morning_run_notes to calixo_org_acme_morning_run;");
}

TEST(NewProject, TemplatesBringEveryPartOfAProject) {
  for (const EmbeddedFiles files : {plugin_template_files(), challenge_type_template_files()}) {
    std::vector<std::string_view> names;
    for (const EmbeddedFile& file : files) names.push_back(file.name);
    EXPECT_THAT(names, ::testing::IsSupersetOf({"CMakeLists.txt", "README.md", "plugin.cpp",
                                                "tests/plugin_test.cpp", ".gitignore"}));
    EXPECT_THAT(names, ::testing::Contains(::testing::StartsWith("migrations/0001_")));
  }
}

}  // namespace
}  // namespace calixo::host
