// dev: a plugin project, built, served, and built and loaded again whenever a source changes.
#include <unistd.h>

#include <iostream>

#include "app/commands.hpp"
#include "app/dev/dev_session.hpp"
#include "app/interrupt.hpp"

namespace calixo::host {
namespace {

// Of `calixo serve`: what the command was given, and readable logs on a pipe.
std::vector<std::string> serve_options(const Sources& sources, const Arguments& arguments,
                                       const DevProject& project) {
  std::vector<std::string> options;
  if (!sources.config_file.empty()) options.push_back("--config=" + sources.config_file.string());
  for (const auto& [name, value] : sources.settings) {
    if (name != "plugins.enabled") options.push_back("--set=" + name + "=" + value);
  }
  if (!arguments.has("data")) options.push_back("--set=data.folder=" + project.data.string());
  options.push_back("--set=log.format=text");
  return options;
}

int develop(const Arguments& arguments, Output& output) {
  const Interrupt interrupt;
  try {
    const Sources sources = sources_of(arguments);
    Configuration configuration;
    load_layers(configuration, sources);
    DevSession::Options options;
    options.project = DevProject::of(arguments.positional().front());
    const auto sdk = arguments.value("sdk");
    options.project.sdk = sdk ? std::filesystem::absolute(*sdk) : find_sdk(own_binary());
    if (const auto data = arguments.value("data")) {
      options.project.data = std::filesystem::absolute(*data);
    }
    options.serve_options = serve_options(sources, arguments, options.project);
    options.enabled = configuration.get_list("plugins.enabled");
    options.say = [](std::string_view line) { std::cout << "dev: " << line << std::endl; };
    DevSession session(std::move(options));
    session.run();
    return kExitOk;
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

}  // namespace

void add_dev_commands(CommandSet& commands) {
  Command command = make_command(
      "dev", "build a plugin project, serve it, and load it again on every change", &develop);
  command.positional = "DIR";
  command.positional_min = command.positional_max = 1;
  command.options = {{"sdk", "DIR", "the SDK's CMake folder (found beside this binary)", false}};
  commands.add(std::move(command));
}

}  // namespace calixo::host
