// Sample keys, files and environments for the tests of the configuration.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/configuration.hpp"

namespace calixo::host {

inline Key key_of(std::string name, KeyType type, std::string default_value) {
  Key key;
  key.name = std::move(name);
  key.type = type;
  key.owner = "host";
  key.default_value = std::move(default_value);
  key.description = "A sample.";
  return key;
}

inline Key integer_key(std::string name, std::string default_value, double min = 0,
                       double max = 65535) {
  Key key = key_of(std::move(name), KeyType::integer, std::move(default_value));
  key.min = min;
  key.max = max;
  return key;
}

inline Key runtime(Key key) {
  key.runtime = true;
  return key;
}

inline void must_add(Configuration& configuration, Key key) {
  const std::string reason = configuration.add_key(std::move(key));
  if (!reason.empty()) throw std::logic_error(reason);
}

inline void add_sample_keys(Configuration& configuration) {
  must_add(configuration, integer_key("http.port", "8080"));
  must_add(configuration, integer_key("http.request_deadline_ms", "30000"));
  must_add(configuration, key_of("http.host", KeyType::text, "127.0.0.1"));
  must_add(configuration, key_of("http.is_strict", KeyType::boolean, "false"));
  must_add(configuration, runtime(integer_key("store.limit_per_minute", "10", 1, 1000)));
  must_add(configuration, runtime(key_of("store.greeting", KeyType::text, "hello")));
  must_add(configuration, runtime(key_of("store.discount_ratio", KeyType::real, "0.5")));
  must_add(configuration, key_of("plugins.*.required", KeyType::boolean, "true"));
  Key format = key_of("log.format", KeyType::text, "auto");
  format.choices = {"auto", "text", "json"};
  must_add(configuration, format);
  Key url = key_of("database.url", KeyType::text, "");
  url.secret = true;
  url.max = 100;
  must_add(configuration, url);
}

// calixo.properties with the given text, in a folder of its own, gone at the end.
class ConfigurationFile {
 public:
  explicit ConfigurationFile(const std::string& text) {
    std::string folder = (std::filesystem::temp_directory_path() / "calixo-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = folder;
    std::ofstream(path(), std::ios::binary) << text;
  }
  ~ConfigurationFile() { std::filesystem::remove_all(folder_); }
  ConfigurationFile(const ConfigurationFile&) = delete;
  ConfigurationFile& operator=(const ConfigurationFile&) = delete;

  std::filesystem::path path() const { return folder_ / "calixo.properties"; }

 private:
  std::filesystem::path folder_;
};

inline void load_environment(Configuration& configuration, std::vector<std::string> variables) {
  std::vector<char*> pointers;
  for (std::string& variable : variables) pointers.push_back(variable.data());
  pointers.push_back(nullptr);
  configuration.load_environment(pointers.data());
}

}  // namespace calixo::host
