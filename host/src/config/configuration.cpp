#include "config/configuration.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "config/configuration_impl.hpp"
#include "config/key_rules.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1024} * 1024;
// Poco reads the layer of the lowest number first; later files go above earlier ones.
constexpr int kSettingsPriority = 0;
constexpr int kEnvironmentPriority = 1;
constexpr int kFirstFilePriority = 1000;

[[noreturn]] void abort_for(std::string_view name, const char* fault) {
  std::fprintf(stderr, "configuration: %.*s %s\n", static_cast<int>(name.size()), name.data(),
               fault);
  std::abort();
}

std::string read_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw std::runtime_error("configuration file " + file.string() + " is a folder");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw std::runtime_error("configuration file " + file.string() +
                             " can't be read; check the path and its permissions");
  }
  std::string text(kFileBytesMax + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad())
    throw std::runtime_error("configuration file " + file.string() + ": read error");
  if (text.size() > kFileBytesMax) {
    throw std::runtime_error("configuration file " + file.string() + " is larger than 1 MiB");
  }
  return text;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

}  // namespace

void ValueSlot::store(std::string value, std::string from) {
  const std::int64_t whole = value == "true" ? 1 : to_integer(value).value_or(0);
  integer.store(whole, std::memory_order_relaxed);
  real.store(to_real(value).value_or(0), std::memory_order_relaxed);
  const std::lock_guard lock(mutex);
  text = std::move(value);
  origin = std::move(from);
}

Configuration::Impl::Impl()
    : layers(new Poco::Util::LayeredConfiguration),
      environment(new EnvironmentLayer),
      settings(new SettingsLayer) {
  layers->add(settings, kSettingsPriority);
  layers->add(environment, kEnvironmentPriority);
}

std::optional<LayerValue> Configuration::Impl::layer_value(const std::string& name) const {
  if (!layers->hasProperty(name)) return std::nullopt;
  LayerValue value{layers->getRawString(name), "--set"};  // raw: no ${} is expanded
  if (settings->hasProperty(name)) return value;
  value.origin = "environment";
  if (environment->hasProperty(name)) return value;
  for (const File& file : files) {
    if (file.layer->hasProperty(name)) value.origin = file.origin;
  }
  return value;
}

void Configuration::Impl::store_boot_value(ValueSlot& slot) const {
  auto value = layer_value(slot.key->name);
  if (value && value_fault(*slot.key, value->text).empty()) {
    slot.store(std::move(value->text), std::move(value->origin));
  } else {
    slot.store(slot.key->default_value, "default");
  }
}

void Configuration::Impl::store_boot_values() {
  for (auto& [name, slot] : slots) store_boot_value(slot);
}

const ValueSlot* Configuration::Impl::slot(std::string_view name,
                                           std::optional<KeyType> type) const {
  const auto found = slots.find(name);
  if (found == slots.end()) return nullptr;
  if (type && found->second.key->type != *type) abort_for(name, "was read as another type");
  return &found->second;
}

const Key* Configuration::Impl::find(std::string_view name) const {
  if (const auto found = keys.find(name); found != keys.end()) return &found->second;
  for (const auto& [pattern, key] : keys) {
    if (is_pattern(pattern) && matches_pattern(pattern, name)) return &key;
  }
  return nullptr;
}

LayerValue Configuration::Impl::pattern_value(std::string_view name,
                                              std::optional<KeyType> type) const {
  const Key* pattern = find(name);
  if (pattern == nullptr) abort_for(name, "was read, and nobody registered it");
  if (type && pattern->type != *type) abort_for(name, "was read as another type");
  const auto value = layer_value(std::string(name));
  if (value && value_fault(*pattern, value->text).empty()) return *value;
  return {pattern->default_value, "default"};
}

Configuration::Configuration() : impl_(std::make_unique<Impl>()) {}
Configuration::~Configuration() = default;

std::string Configuration::add_key(Key key) {
  const std::string label = "key " + key.name + ": ";
  if (const std::string fault = name_fault(key.name); !fault.empty()) return label + fault;
  if (const auto other = impl_->keys.find(key.name); other != impl_->keys.end()) {
    return label + "already registered by " + other->second.owner;
  }
  const std::string variable = environment_name(key.name);
  if (const auto other = impl_->environment_names.find(variable);
      other != impl_->environment_names.end()) {
    return label + "its environment variable " + variable + " is already that of " + other->second;
  }
  if (key.secret && key.is_public) return label + "secret and public exclude each other";
  if (key.runtime && is_pattern(key.name)) return label + "a pattern can't be a runtime key";
  const bool is_unset = key.default_value.empty() && (key.required || key.type == KeyType::text);
  const std::string fault = is_unset ? "" : value_fault(key, key.default_value);
  if (!fault.empty()) return label + "its default " + fault;

  impl_->environment_names.emplace(variable, key.name);
  const std::string name = key.name;
  const Key* stored = &impl_->keys.emplace(name, std::move(key)).first->second;
  impl_->store_boot_value(impl_->slots.try_emplace(name, stored).first->second);
  return {};
}

void Configuration::load_file(const std::filesystem::path& file) {
  std::istringstream text(read_file(file));
  Impl::File loaded{"file " + file.filename().string(), new FileLayer};
  try {
    loaded.layer->read(text);
  } catch (const Poco::Exception& error) {
    throw std::runtime_error("configuration file " + file.string() + ": " + error.displayText());
  }
  impl_->layers->add(loaded.layer, kFirstFilePriority - static_cast<int>(impl_->files.size()));
  impl_->files.push_back(std::move(loaded));
  impl_->store_boot_values();
}

void Configuration::load_environment(char** environment) {
  impl_->environment->read(environment);
  impl_->store_boot_values();
}

void Configuration::set(std::string_view name, std::string_view value) {
  impl_->settings->put(std::string(name), std::string(value));
  impl_->store_boot_values();
}

bool Configuration::get_bool(std::string_view name) const {
  const ValueSlot* slot = impl_->slot(name, KeyType::boolean);
  if (slot == nullptr) return impl_->pattern_value(name, KeyType::boolean).text == "true";
  return slot->integer.load(std::memory_order_relaxed) != 0;
}

std::int64_t Configuration::get_int(std::string_view name) const {
  const ValueSlot* slot = impl_->slot(name, KeyType::integer);
  if (slot != nullptr) return slot->integer.load(std::memory_order_relaxed);
  return to_integer(impl_->pattern_value(name, KeyType::integer).text).value_or(0);
}

double Configuration::get_real(std::string_view name) const {
  const ValueSlot* slot = impl_->slot(name, KeyType::real);
  if (slot != nullptr) return slot->real.load(std::memory_order_relaxed);
  return to_real(impl_->pattern_value(name, KeyType::real).text).value_or(0);
}

std::string Configuration::get_text(std::string_view name) const {
  const ValueSlot* slot = impl_->slot(name, std::nullopt);
  if (slot == nullptr) return impl_->pattern_value(name, std::nullopt).text;
  const std::lock_guard lock(slot->mutex);
  return slot->text;
}

std::vector<std::string> Configuration::get_list(std::string_view name) const {
  const std::string text = get_text(name);
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string item = trimmed(std::string_view(text).substr(begin, end - begin));
    if (!item.empty()) items.push_back(std::move(item));
    begin = end + 1;
  }
  return items;
}

std::string Configuration::raw(std::string_view name) const {
  const auto value = impl_->layer_value(std::string(name));
  return value ? value->text : std::string();
}

std::string Configuration::shown(std::string_view name) const {
  const std::string text = get_text(name);
  const Key* key = find(name);
  return key->secret && !text.empty() ? "(set, secret)" : text;
}

const Key* Configuration::find(std::string_view name) const { return impl_->find(name); }

std::vector<const Key*> Configuration::keys() const {
  std::vector<const Key*> all;
  for (const auto& [name, key] : impl_->keys) all.push_back(&key);
  return all;
}

std::string Configuration::origin(std::string_view name) const {
  const ValueSlot* slot = impl_->slot(name, std::nullopt);
  if (slot == nullptr) return impl_->pattern_value(name, std::nullopt).origin;
  const std::lock_guard lock(slot->mutex);
  return slot->origin;
}

std::string Configuration::check_value(const Key& key, std::string_view value) const {
  return value_fault(key, value);
}

}  // namespace calixo::host
