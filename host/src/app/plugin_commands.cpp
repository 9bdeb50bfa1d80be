// Commands that plugins register: they run on an engine, with the plugin started.
#include <iostream>

#include "app/commands.hpp"
#include "app/engine.hpp"
#include "plugin/contained.hpp"

namespace calixo::host {
namespace {

int run_registered(Installation& installation, const RegisteredCommand& registered,
                   const std::vector<std::string>& words, Output& output) {
  if (const auto problems = installation.problems(); !problems.empty()) {
    return complain_about(problems, output);
  }
  try {
    start_log(installation.configuration());
    const CommandDatabase database(installation.configuration(), output,
                                   CommandDatabase::IfNew::create);
    Engine engine(installation, database.url(), 1);
    engine.start();
    for (const std::string& notice : installation.context().notices) output.say(notice);
    std::vector<calixo_str> arguments;
    for (const std::string& word : words) arguments.push_back({word.data(), word.size()});
    const auto write = [](void* sink, calixo_str text) {
      static_cast<Output*>(sink)->raw({text.data, text.size});
    };
    int status = kExitInternal;
    const std::string label = registered.words + " (command)";
    const crash_report::Scope scope(label);
    const std::string escaped = exception_of([&] {
      status = registered.run(registered.user, arguments.data(), arguments.size(), write, &output);
    });
    engine.stop();
    return escaped.empty() ? status : complain_about({registered.words + ": " + escaped}, output);
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

const RegisteredCommand* find(const Installation& installation, const std::string& words) {
  for (const auto& plugin : installation.plugins().plugins()) {
    for (const RegisteredCommand& registered : plugin->registrations.commands) {
      if (registered.words == words && plugin->state != PluginState::failed) return &registered;
    }
  }
  return nullptr;
}

// A command is no request: it may look at every row of a large database. What the operator sets on
// the command line still holds.
Sources patient(Sources sources) {
  sources.settings.emplace(sources.settings.begin(), "database.statement_deadline_ms", "600000");
  return sources;
}

// Which commands there are, from the installation that the words themselves name. Manifests tell
// it: the overview runs no plugin's code.
std::vector<RegisteredCommand> registered_commands(const std::vector<std::string>& words) {
  std::vector<RegisteredCommand> all;
  try {
    const Arguments arguments = Arguments::parse_known(words, common_options());
    Installation::Options options;
    options.source = PluginSource::manifests;
    const Installation installation(sources_of(arguments), options);
    for (const auto& plugin : installation.plugins().plugins()) {
      if (plugin->state == PluginState::failed) continue;
      const auto& own = plugin->registrations.commands;
      all.insert(all.end(), own.begin(), own.end());
    }
  } catch (const std::exception&) {
    // What is wrong there, the command that was asked for says itself.
  }
  return all;
}

}  // namespace

void add_plugin_commands(CommandSet& commands, const std::vector<std::string>& words) {
  // The server's own commands run without a plugin; the overview and further words show all.
  if (commands.takes(words)) return;
  for (const RegisteredCommand& registered : registered_commands(words)) {
    if (commands.has(registered.words)) continue;  // the server's own goes first
    Command command;
    command.words = registered.words;
    command.summary = registered.summary;
    command.usage = registered.usage;
    command.takes_raw_words = true;
    command.run = [name = registered.words](const Arguments& arguments, Output& output) {
      Installation installation(patient(sources_of(arguments)));
      const RegisteredCommand* found = find(installation, name);
      if (found == nullptr) return complain_about(installation.problems(), output);
      std::vector<std::string> rest = arguments.positional();
      if (output.is_json()) rest.push_back("--json");
      return run_registered(installation, *found, rest, output);
    };
    commands.add(std::move(command));
  }
}

}  // namespace calixo::host
