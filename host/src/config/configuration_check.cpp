// What is wrong with the layers and with the overlay of runtime keys.
#include <algorithm>
#include <cctype>

#include "config/configuration.hpp"
#include "config/configuration_impl.hpp"
#include "config/key_rules.hpp"
#include "config/nearest.hpp"

namespace calixo::host {
namespace {

constexpr const char* kSeeList = "; `calixo config list` shows all keys";

std::string area_of(std::string_view name) { return std::string(name.substr(0, name.find('.'))); }

// A pattern as the name that was probably meant: its star takes what stands there in the name.
std::string candidate_of(const std::string& key, const std::string& name) {
  const std::size_t star = key.find('*');
  if (star == std::string::npos) return key;
  const std::size_t end = name.rfind('.');
  if (name.compare(0, star, key, 0, star) != 0 || end == std::string::npos || end <= star) {
    return key;
  }
  return key.substr(0, star) + name.substr(star, end - star) + key.substr(star + 1);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string Configuration::Impl::unknown_text(const std::string& name,
                                              const std::string& origin) const {
  std::vector<std::string> candidates;
  bool is_known_area = false;
  for (const auto& [key, registered] : keys) {
    candidates.push_back(candidate_of(key, name));
    is_known_area = is_known_area || area_of(key) == area_of(name);
  }
  const std::string meant = nearest(name, candidates);
  std::string text = "unknown key (" + origin + ")";
  if (!meant.empty()) return text + "; did you mean " + meant + "?";
  if (!is_known_area) text += "; no enabled plugin has keys under " + area_of(name);
  return text + kSeeList;
}

std::string Configuration::Impl::unknown_variable_text(const std::string& variable) const {
  std::vector<std::string> candidates;
  for (const auto& [known, key] : environment_names) candidates.push_back(known);
  const std::string meant = nearest(variable, candidates);
  const std::string text = "no key has this environment variable";
  if (meant.empty()) return text + kSeeList;
  return text + "; did you mean " + meant + " (" + environment_names.at(meant) + ")?";
}

std::string Configuration::Impl::key_of_variable(const std::string& variable) const {
  if (const auto found = environment_names.find(variable); found != environment_names.end()) {
    return found->second;
  }
  for (const auto& [key, registered] : keys) {
    const std::size_t star = key.find('*');
    if (star == std::string::npos) continue;
    const std::string whole = environment_name(key);  // its star has become "_"
    const std::string prefix = whole.substr(0, whole.size() - (key.size() - star));
    const std::string suffix = whole.substr(prefix.size() + 1);
    if (variable.size() <= prefix.size() + suffix.size()) continue;
    if (!variable.starts_with(prefix) || !variable.ends_with(suffix)) continue;
    const std::size_t length = variable.size() - prefix.size() - suffix.size();
    return key.substr(0, star) + lower(variable.substr(prefix.size(), length)) +
           key.substr(star + 1);
  }
  return {};
}

void Configuration::Impl::check_entry(const std::string& name, const std::string& value,
                                      const std::string& origin,
                                      std::vector<ConfigurationFinding>& findings) const {
  const Key* key = find(name);
  if (key == nullptr || is_pattern(name)) {
    findings.push_back({name, unknown_text(name, origin)});
    return;
  }
  if (value.empty() && (key->required || key->type == KeyType::text)) return;  // as if not given
  const std::string fault = value_fault(*key, value);
  if (!fault.empty()) findings.push_back({name, fault + " (" + origin + ")"});
}

std::vector<ConfigurationFinding> Configuration::check() const {
  std::vector<ConfigurationFinding> findings;
  for (const Impl::File& file : impl_->files) {
    for (const std::string& name : file.layer->repeated_names()) {
      findings.push_back({name, "given more than once (" + file.origin + "); keep one"});
    }
    for (const std::string& name : file.layer->names()) {
      impl_->check_entry(name, file.layer->getRawString(name), file.origin, findings);
    }
  }
  for (const auto& [variable, value] : impl_->environment->variables()) {
    const std::string name = impl_->key_of_variable(variable);
    if (name.empty()) {
      findings.push_back({variable, impl_->unknown_variable_text(variable)});
    } else {
      impl_->check_entry(name, value, "environment variable " + variable, findings);
    }
  }
  for (const std::string& name : impl_->settings->names()) {
    impl_->check_entry(name, impl_->settings->getRawString(name), "--set", findings);
  }
  for (const auto& [name, key] : impl_->keys) {
    if (!key.required || is_pattern(name) || !get_text(name).empty()) continue;
    findings.push_back({name, "required, and no value is given; write " + name +
                                  " = ... in the configuration file or set " +
                                  environment_name(name)});
  }
  return findings;
}

std::vector<ConfigurationFinding> Configuration::overlay_runtime(
    const std::map<std::string, std::string>& values) {
  const std::lock_guard lock(impl_->overlay_mutex);
  std::vector<ConfigurationFinding> refused;
  for (const auto& [name, value] : values) {
    const auto found = impl_->keys.find(name);
    if (found == impl_->keys.end()) {
      refused.push_back({name, impl_->unknown_text(name, "database")});
    } else if (!found->second.runtime) {
      refused.push_back({name, "is read at start only; set it in the configuration file"});
    } else if (std::string fault = value_fault(found->second, value); !fault.empty()) {
      refused.push_back({name, fault + " (database)"});
    }
  }
  for (auto& [name, slot] : impl_->slots) {
    if (!slot.key->runtime) continue;
    const auto found = values.find(name);
    if (found != values.end() && value_fault(*slot.key, found->second).empty()) {
      slot.store(found->second, "database");
    } else {
      impl_->store_boot_value(slot);
    }
  }
  return refused;
}

}  // namespace calixo::host
