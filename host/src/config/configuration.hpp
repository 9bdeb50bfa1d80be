// The configuration of the process: registered keys, and their values from the file, then the
// environment (CALIXO_HTTP_PORT), then --set. Runtime keys may be overlaid later from the database.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/key.hpp"

namespace calixo::host {

struct ConfigurationFinding {
  std::string key;
  std::string message;  // what is wrong and how to mend it; never holds a secret's value
};

class Configuration {
 public:
  Configuration();
  ~Configuration();

  // Refused (the reason is returned) for a name that is taken or not of the form area.name, whose
  // environment variable is another key's, or whose default breaks its own bounds. [startup]
  std::string add_key(Key key);

  // Reads the layers, each over the one before. Throws std::runtime_error for an unreadable file.
  void load_file(const std::filesystem::path& file);        // .properties
  void load_environment(char** environment);                // CALIXO_* only
  void set(std::string_view name, std::string_view value);  // --set name=value

  // Everything that is wrong: unknown keys (with the nearest known one), types, bounds, choices,
  // missing required ones. Empty: all is well. Call once all keys are registered.
  std::vector<ConfigurationFinding> check() const;

  // Values after the layers, defaults where none speaks. Asserts that the key is registered with
  // that type; get_text serves every type. Numbers are read without a lock. [any-thread] after
  // startup.
  bool get_bool(std::string_view name) const;
  std::int64_t get_int(std::string_view name) const;
  double get_real(std::string_view name) const;
  std::string get_text(std::string_view name) const;
  std::vector<std::string> get_list(std::string_view name) const;  // text split at commas, trimmed

  // The value of a layer before keys are registered (plugins.enabled must be known to load plugins
  // that register keys). Empty where no layer has it.
  std::string raw(std::string_view name) const;

  // The value for people: of a secret only whether it is set. [any-thread] after startup.
  std::string shown(std::string_view name) const;

  // Also by a name that a pattern key stands for. nullptr: no such key.
  const Key* find(std::string_view name) const;
  std::vector<const Key*> keys() const;  // sorted by name
  // Where the value comes from: "default", "file calixo.properties", "environment", "--set",
  // "database".
  std::string origin(std::string_view name) const;

  // Replaces the overlay of runtime keys (name to text). Returns what was refused. [any-thread]
  std::vector<ConfigurationFinding> overlay_runtime(
      const std::map<std::string, std::string>& values);
  std::string check_value(const Key& key, std::string_view value) const;  // empty: fine

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The documented default file and the Markdown reference, from the registrations.
std::string properties_reference(const Configuration& configuration);
std::string markdown_reference(const Configuration& configuration);

}  // namespace calixo::host
