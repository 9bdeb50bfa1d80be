// new plugin, new challenge-type: a project that builds, tests and runs as it is.
#include "app/commands.hpp"
#include "app/new_project.hpp"

namespace calixo::host {
namespace {

namespace fs = std::filesystem;

// Where the SDK is installed, if that is where this binary is; else empty.
std::string sdk_prefix() {
  std::error_code error;
  const fs::path binary = fs::read_symlink("/proc/self/exe", error);
  const fs::path prefix = binary.parent_path().parent_path();
  const bool is_there = fs::exists(prefix / "lib/cmake/Calixo/CalixoConfig.cmake", error);
  return is_there ? prefix.string() : "";
}

void say_next_steps(const fs::path& folder, const ProjectNames& names, Output& output) {
  const std::string prefix = sdk_prefix();
  const std::string where = prefix.empty() ? "PREFIX" : prefix;
  output.say("");
  output.say("Next:");
  output.say("  cd " + folder.string());
  output.say("  cmake -B build -G Ninja -DCMAKE_PREFIX_PATH=" + where);
  output.say("  cmake --build build && ctest --test-dir build");
  output.say("That makes build/plugins/libcalixo_" + names.word +
             ".so; README.md there tells how to run it.");
  if (prefix.empty()) output.say("PREFIX is where `cmake --install` put the SDK.");
}

int write_new(const Arguments& arguments, Output& output, EmbeddedFiles files) {
  try {
    const ProjectNames names = project_names(arguments.positional().at(0));
    const std::string last_word = names.id.substr(names.id.rfind('.') + 1);
    const fs::path folder = arguments.value("dir").value_or(last_word);
    Table table{{{"file"}}, {}};
    for (std::string& file : write_project(folder, files, names)) {
      table.rows.push_back({(folder / file).string()});
    }
    output.table(table);
    say_next_steps(folder, names, output);
    return kExitOk;
  } catch (const ProjectError& error) {
    return complain_about({error.what()}, output);
  }
}

int new_plugin(const Arguments& arguments, Output& output) {
  return write_new(arguments, output, plugin_template_files());
}

int new_challenge_type(const Arguments& arguments, Output& output) {
  return write_new(arguments, output, challenge_type_template_files());
}

Command make_new_command(std::string words, std::string summary,
                         int (*run)(const Arguments&, Output&)) {
  Command made = make_command(std::move(words), std::move(summary), run);
  made.positional = "NAME";
  made.positional_min = made.positional_max = 1;
  made.options = {
      {"dir", "DIR", "folder to write, new or empty; as NAME ends, where not said", false}};
  return made;
}

}  // namespace

void add_new_commands(CommandSet& commands) {
  commands.add(make_new_command(
      "new plugin", "a plugin's project: NAME is a word, or an id such as org.acme.morning-run",
      &new_plugin));
  commands.add(make_new_command("new challenge-type", "the same for a plugin that adds a challenge",
                                &new_challenge_type));
}

}  // namespace calixo::host
