// plugins inspect: what a library's manifest says; none of the library's code runs.
#include "app/commands.hpp"
#include "app/role_words.hpp"
#include "plugin/grant_policy.hpp"
#include "plugin/manifest_file.hpp"
#include "plugin/plugin_library.hpp"

namespace calixo::host {
namespace {

using Rows = std::vector<std::vector<Cell>>;

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

void add_head(const Manifest& manifest, Rows& rows) {
  rows.push_back({"plugin", manifest.id, manifest.version});
  rows.push_back({"abi",
                  std::to_string(manifest.abi_major) + "." + std::to_string(manifest.abi_minor),
                  abi_refusal(manifest.abi_major, manifest.abi_minor)});
  for (const auto& [name, value] : manifest.build) rows.push_back({"build", name, value});
  for (const std::string& id : manifest.registrations.depends) {
    rows.push_back({"depends on", id, {}});
  }
  for (const NeededService& need : manifest.registrations.needs) {
    rows.push_back({"needs service", need.id, std::string(need.required ? "" : "optional")});
  }
  for (const OfferedService& offer : manifest.registrations.offers) {
    rows.push_back({"offers service", offer.id, {}});
  }
}

void add_grants(const Manifest& manifest, Rows& rows) {
  for (const RegisteredGrant& grant : manifest.registrations.grants) {
    rows.push_back({"asks for", grant_text(grant), grant.reason});
  }
}

void add_routes(const Manifest& manifest, Rows& rows) {
  for (const RegisteredRoute& route : manifest.registrations.routes) {
    rows.push_back(
        {"route", route.route.method + " " + route.route.path,
         role_words(route.route.roles) + (route.summary.empty() ? "" : ": " + route.summary)});
  }
}

void add_data(const Manifest& manifest, Rows& rows) {
  for (const std::string& table : manifest.tables) rows.push_back({"table", table, {}});
  for (const Migration& migration : manifest.registrations.migrations) {
    rows.push_back({"migration", migration.name, "sha256 " + migration.sha256});
  }
  for (const Key& key : manifest.registrations.keys) {
    rows.push_back({"key", key.name, key.description});
  }
}

void add_work(const Manifest& manifest, Rows& rows) {
  const Registrations& all = manifest.registrations;
  for (const RegisteredTopic& topic : all.topics) {
    rows.push_back({"event", topic.name, topic.description});
  }
  for (const RegisteredSubscription& one : all.subscriptions) {
    rows.push_back({"subscription", one.name, "hears " + one.topic});
  }
  for (const RegisteredJob& job : all.jobs) {
    rows.push_back({"job", job.name,
                    job.every_ms == 0 ? std::string("when it is enqueued")
                                      : "every " + std::to_string(job.every_ms) + " ms"});
  }
}

void add_extensions(const Manifest& manifest, Rows& rows) {
  add_work(manifest, rows);
  for (const std::string& point : manifest.registrations.points) {
    rows.push_back({"extension point", point, {}});
  }
  for (const RegisteredExtension& one : manifest.registrations.extensions) {
    rows.push_back({"extension", one.name, "of " + one.point});
  }
  for (const RegisteredCommand& command : manifest.registrations.commands) {
    rows.push_back({"command", command.words, command.summary});
  }
  std::vector<std::string> codes;
  for (const RegisteredMessage& message : manifest.registrations.messages) {
    codes.push_back(message.code + " (" + message.language + ")");
  }
  if (!codes.empty()) {
    rows.push_back({"messages", std::to_string(codes.size()) + " texts", joined(codes)});
  }
}

// A file, or a plugin's name as plugins.enabled has it.
std::filesystem::path file_of(const Arguments& arguments) {
  const std::string& word = arguments.positional().at(0);
  if (word.find('/') != std::string::npos || std::filesystem::exists(word)) {
    return word;
  }
  Configuration configuration;
  load_layers(configuration, sources_of(arguments));
  return find_plugin_file(word, configuration.get_text("plugins.path"));
}

int inspect(const Arguments& arguments, Output& output) {
  try {
    const std::filesystem::path file = file_of(arguments);
    const std::optional<Manifest> manifest = read_manifest(file);
    if (!manifest) return complain_about({file.string() + ": " + missing_manifest_text()}, output);
    if (output.is_json()) {
      output.raw(to_json(*manifest) + "\n");
      return kExitOk;
    }
    Table table{{{"what"}, {"name"}, {"more"}}, {}};
    add_head(*manifest, table.rows);
    add_grants(*manifest, table.rows);
    add_routes(*manifest, table.rows);
    add_data(*manifest, table.rows);
    add_extensions(*manifest, table.rows);
    output.table(table);
    return kExitOk;
  } catch (const std::exception& error) {
    return complain_about({arguments.positional().at(0) + ": " + error.what()}, output);
  }
}

}  // namespace

void add_manifest_commands(CommandSet& commands) {
  Command command = make_command(
      "plugins inspect", "what a plugin's file says of itself; runs none of its code", &inspect);
  command.positional = "FILE";
  command.positional_min = command.positional_max = 1;
  commands.add(std::move(command));
}

}  // namespace calixo::host
