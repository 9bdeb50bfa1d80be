#include "app/validate/life.hpp"

#include <stdexcept>

#include "db/sha256.hpp"

namespace calixo::host {

Sources sources_of_check(const CheckInput& input) {
  Sources sources = input.sources;
  std::string enabled;
  for (const std::string& file : input.with) enabled += file + ",";
  sources.settings.emplace_back("plugins.enabled", enabled + input.file);
  if (!input.database_url.empty()) {
    sources.settings.emplace_back("database.url", input.database_url);
  }
  return sources;
}

Life::Life(const CheckInput& input) : input_(input), installation_(sources_of_check(input)) {}

Life::~Life() { stop(); }

const PluginInstance& Life::plugin() const {
  for (const auto& plugin : installation_.plugins().plugins()) {
    if (plugin->file == input_.file || plugin->name == input_.file) return *plugin;
  }
  throw std::logic_error("the plugin under validation was not loaded");
}

std::string Life::failure() const {
  std::string all;
  for (const std::string& reason : installation_.plugins().fatal_failures()) {
    all += (all.empty() ? "" : "; ") + reason;
  }
  return all;
}

std::string Life::start() {
  engine_ = std::make_unique<Engine>(installation_, input_.database_url, 1);
  try {
    engine_->start();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

void Life::stop() { engine_.reset(); }

std::string registrations_text(const Registrations& all) {
  std::string text;
  const auto line = [&text](std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) text.append(word).append(" | ");
    text += '\n';
  };
  for (const RegisteredRoute& one : all.routes) {
    line({"route", one.route.method, one.route.path, std::to_string(one.route.roles), one.summary,
          one.query_schema, one.request_schema, one.response_schema});
  }
  for (const Key& one : all.keys) line({"key", one.name, one.default_value, one.description});
  for (const Migration& one : all.migrations) line({"migration", one.name, sha256_hex(one.sql)});
  for (const RegisteredCommand& one : all.commands) line({"command", one.words, one.usage});
  for (const OfferedService& one : all.offers) line({"offer", one.id});
  for (const NeededService& one : all.needs) line({"need", one.id, one.required ? "required" : ""});
  for (const std::string& one : all.depends) line({"dependency", one});
  for (const RegisteredMessage& one : all.messages)
    line({"message", one.code, one.language, one.text});
  for (const std::string& one : all.points) line({"extension point", one});
  for (const RegisteredExtension& one : all.extensions) {
    line({"extension", one.point, one.name, one.details_json});
  }
  for (const RegisteredGrant& one : all.grants) {
    std::string columns;
    for (const std::string& column : one.columns) columns += column + ",";
    line({"grant", one.table, one.privilege, columns, one.reason});
  }
  return text;
}

}  // namespace calixo::host
