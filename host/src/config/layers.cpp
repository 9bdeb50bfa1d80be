#include "config/layers.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kPrefix = "CALIXO_";
// Not keys: where the file is, and what the tests tell each other.
constexpr std::string_view kFileVariable = "CALIXO_CONFIG";
constexpr std::string_view kTestPrefix = "CALIXO_TEST_";

bool is_key_variable(std::string_view name) {
  return name.starts_with(kPrefix) && name != kFileVariable && !name.starts_with(kTestPrefix);
}

}  // namespace

std::string environment_name(std::string_view key) {
  std::string name(kPrefix);
  for (const char c : key) {
    const bool is_lower = c >= 'a' && c <= 'z';
    const bool is_kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    name += is_lower ? static_cast<char>(c - 'a' + 'A') : is_kept ? c : '_';
  }
  return name;
}

void FileLayer::setRaw(const std::string& key, const std::string& value) {
  if (!names_.insert(key).second) repeated_names_.insert(key);
  PropertyFileConfiguration::setRaw(key, value);
}

void EnvironmentLayer::read(char** environment) {
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry(*environment);
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = entry.substr(0, equals);
    if (is_key_variable(name)) variables_[std::string(name)] = entry.substr(equals + 1);
  }
}

bool EnvironmentLayer::getRaw(const std::string& key, std::string& value) const {
  const auto found = variables_.find(environment_name(key));
  if (found == variables_.end()) return false;
  value = found->second;
  return true;
}

std::vector<std::string> SettingsLayer::names() const {
  std::vector<std::string> all;
  for (auto entry = begin(); entry != end(); ++entry) all.push_back(entry->first);
  return all;
}

}  // namespace calixo::host
