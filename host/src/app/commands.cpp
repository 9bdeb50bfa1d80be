#include "app/commands.hpp"

#include <filesystem>
#include <stdexcept>

#include "db/cluster_status.hpp"

namespace calixo::host {

std::vector<OptionSpec> common_options() {
  return {
      {"config", "FILE", "configuration file (config/calixo.properties where it exists)", false},
      {"data", "DIR", "data folder, as --set data.folder=DIR", false},
      {"port", "N", "port to listen on, as --set http.port=N", false},
      {"set", "KEY=VALUE", "a configuration value over file and environment", true},
      {"json", "", "answer in JSON", false}};
}

Sources sources_of(const Arguments& arguments) {
  static const std::filesystem::path kDefaultFile = "config/calixo.properties";
  Sources sources;
  if (const auto file = arguments.value("config")) {
    sources.config_file = *file;
  } else if (std::filesystem::exists(kDefaultFile)) {
    sources.config_file = kDefaultFile;
  }
  for (const std::string& setting : arguments.values("set")) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("--set " + setting + ": KEY=VALUE is expected");
    }
    sources.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  if (const auto folder = arguments.value("data"))
    sources.settings.emplace_back("data.folder", *folder);
  if (const auto port = arguments.value("port")) sources.settings.emplace_back("http.port", *port);
  return sources;
}

CommandDatabase::CommandDatabase(const Configuration& configuration, Output& output, IfNew if_new)
    : url_(configuration.get_text("database.url")) {
  if (!url_.empty()) return;
  const std::string folder = configuration.get_text("data.folder");
  if (if_new == IfNew::leave && !has_cluster(folder)) return;
  url_ = running_cluster_url(folder);
  if (!url_.empty()) return;
  EmbeddedCluster::Options options;
  options.data_folder = folder;
  cluster_ = std::make_unique<EmbeddedCluster>(
      options, [&](std::string_view step) { output.say("database: " + std::string(step)); });
  url_ = cluster_->url();
}

Command make_command(std::string words, std::string summary,
                     int (*run)(const Arguments&, Output&)) {
  Command made;
  made.words = std::move(words);
  made.summary = std::move(summary);
  made.run = run;
  return made;
}

int complain_about(const std::vector<std::string>& problems, Output& output) {
  for (const std::string& problem : problems) output.complain(problem);
  return problems.empty() ? kExitOk : kExitProblem;
}

}  // namespace calixo::host
