// config list|get|set|check|reference: keys, their values and where those come from.
#include <string>

#include "app/commands.hpp"
#include "app/properties_file.hpp"
#include "cli/report_session.hpp"
#include "db/database.hpp"

namespace calixo::host {
namespace {

constexpr const char* kHidden = "(secret)";

std::string text_of(const Configuration& configuration, const Key& key) {
  if (key.secret) return configuration.raw(key.name).empty() ? "" : kHidden;
  switch (key.type) {
    case KeyType::boolean:
      return configuration.get_bool(key.name) ? "true" : "false";
    case KeyType::integer:
      return std::to_string(configuration.get_int(key.name));
    case KeyType::real:
      return std::to_string(configuration.get_real(key.name));
    case KeyType::text:
      break;
  }
  return configuration.get_text(key.name);
}

int list(const Arguments& arguments, Output& output) {
  Installation installation(sources_of(arguments));
  if (const auto problems = installation.problems(); !problems.empty()) {
    return complain_about(problems, output);
  }
  const Configuration& configuration = installation.configuration();
  Table table{{{"key"}, {"value"}, {"origin"}, {"owner"}, {"runtime"}, {"description"}}, {}};
  for (const Key* key : configuration.keys()) {
    table.rows.push_back({key->name, text_of(configuration, *key), configuration.origin(key->name),
                          key->owner, key->runtime, key->description});
  }
  output.table(table);
  return kExitOk;
}

// The key, or nullptr after saying that nobody registered it.
const Key* known_key(const Configuration& configuration, const std::string& name, Output& output) {
  const Key* key = configuration.find(name);
  if (key == nullptr) {
    output.complain("no key " + name + " is registered; `calixo config list` shows all");
  }
  return key;
}

int get(const Arguments& arguments, Output& output) {
  Installation installation(sources_of(arguments));
  const Configuration& configuration = installation.configuration();
  const Key* key = known_key(configuration, arguments.positional()[0], output);
  if (key == nullptr) return kExitProblem;
  if (const auto problems = installation.problems(); !problems.empty()) {
    return complain_about(problems, output);
  }
  if (!output.is_json()) {
    output.raw(text_of(configuration, *key) + "\n");
    return kExitOk;
  }
  output.object({{"key", key->name},
                 {"value", text_of(configuration, *key)},
                 {"origin", configuration.origin(key->name)}});
  return kExitOk;
}

// A JSON value of the key's type, for the table `config`.
std::string json_of(const Key& key, const std::string& value) {
  if (key.type != KeyType::text) return value;
  std::string quoted = "\"";
  for (const char letter : value) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "\"";
}

void store_runtime_key(const Configuration& configuration, const Key& key, const std::string& value,
                       Output& output) {
  const CommandDatabase database(configuration, output, CommandDatabase::IfNew::create);
  ReportSession session(database.url());
  session.query("select set_config('request.jwt.claims', $1, false)",
                {std::string(kServiceClaims)});
  session.execute(
      "insert into config (key, value) values ($1, $2::jsonb)"
      " on conflict (key) do update set value = excluded.value, updated_at = now()",
      {key.name, json_of(key, value)});
}

int set(const Arguments& arguments, Output& output) {
  const Sources sources = sources_of(arguments);
  Installation installation(sources);
  const Configuration& configuration = installation.configuration();
  const std::string& name = arguments.positional()[0];
  const std::string& value = arguments.positional()[1];
  const Key* key = known_key(configuration, name, output);
  if (key == nullptr) return kExitProblem;
  if (const std::string wrong = configuration.check_value(*key, value); !wrong.empty()) {
    return complain_about({name + ": " + wrong}, output);
  }
  try {
    if (key->runtime) {
      store_runtime_key(configuration, *key, value, output);
      output.say(name + " is set; running servers follow within a second");
    } else if (sources.config_file.empty()) {
      return complain_about({"there is no configuration file to write to; name one with --config"},
                            output);
    } else {
      set_property(sources.config_file, name, value);
      output.say(name + " is set in " + sources.config_file.string() +
                 "; it holds from the next start or reload");
    }
  } catch (const std::exception& error) {
    return complain_about({name + ": " + error.what()}, output);
  }
  return kExitOk;
}

int check(const Arguments& arguments, Output& output) {
  Installation installation(sources_of(arguments));
  const auto problems = installation.problems();
  if (problems.empty()) output.say("the configuration is sound");
  return complain_about(problems, output);
}

int reference(const Arguments& arguments, Output& output) {
  Installation installation(sources_of(arguments));
  const Configuration& configuration = installation.configuration();
  output.raw(arguments.has("markdown") ? markdown_reference(configuration)
                                       : properties_reference(configuration));
  return complain_about(installation.plugins().fatal_failures(), output);
}

}  // namespace

void add_config_commands(CommandSet& commands) {
  commands.add(
      make_command("config list", "every key, its value and where that comes from", &list));
  Command get_command = make_command("config get", "one key's value", &get);
  get_command.positional = "KEY";
  get_command.positional_min = get_command.positional_max = 1;
  commands.add(std::move(get_command));
  Command set_command = make_command(
      "config set", "change a key: runtime keys in the database, others in the file", &set);
  set_command.positional = "KEY VALUE";
  set_command.positional_min = set_command.positional_max = 2;
  commands.add(std::move(set_command));
  commands.add(make_command("config check", "what is wrong in the configuration", &check));
  Command reference_command = make_command(
      "config reference", "all keys with their defaults, as a file to start from", &reference);
  reference_command.options = {{"markdown", "", "as a Markdown document", false}};
  commands.add(std::move(reference_command));
}

}  // namespace calixo::host
