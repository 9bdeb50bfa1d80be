// What Configuration holds. Private to the room's .cpp files.
#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Util/LayeredConfiguration.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/configuration.hpp"
#include "config/layers.hpp"

namespace calixo::host {

// The present value of one key. Numbers (and booleans, as 0 and 1) are read without a lock.
struct ValueSlot {
  explicit ValueSlot(const Key* of) : key(of) {}

  // Stores a value that fits the key. [any-thread]
  void store(std::string value, std::string from);

  const Key* key;
  std::atomic<std::int64_t> integer{0};
  std::atomic<double> real{0};
  mutable std::mutex mutex;  // guards the two below; never held across a suspension
  std::string text;
  std::string origin;
};

// A value in one layer and the layer's name for people.
struct LayerValue {
  std::string text;
  std::string origin;
};

struct Configuration::Impl {
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>()(name);
    }
  };
  struct File {
    std::string origin;  // "file calixo.properties"
    Poco::AutoPtr<FileLayer> layer;
  };

  Impl();

  // The uppermost layer's value.
  std::optional<LayerValue> layer_value(const std::string& name) const;
  // What holds without the database: the layers' value where it fits, else the default.
  void store_boot_value(ValueSlot& slot) const;
  void store_boot_values();

  // nullptr: the name is no key's own, perhaps a pattern stands for it. Aborts for another type.
  const ValueSlot* slot(std::string_view name, std::optional<KeyType> type) const;
  // Through a pattern that stands for the name; from the layers, as it is needed at start only.
  // Aborts where there is none of that type.
  LayerValue pattern_value(std::string_view name, std::optional<KeyType> type) const;

  const Key* find(std::string_view name) const;
  // What is wrong with a name and its value in one layer.
  void check_entry(const std::string& name, const std::string& value, const std::string& origin,
                   std::vector<ConfigurationFinding>& findings) const;
  // The key whose variable this is, for a pattern as the name that it stands for; empty: none.
  std::string key_of_variable(const std::string& variable) const;
  std::string unknown_text(const std::string& name, const std::string& origin) const;
  std::string unknown_variable_text(const std::string& variable) const;

  std::map<std::string, Key, std::less<>> keys;
  std::map<std::string, std::string> environment_names;  // variable to key
  std::unordered_map<std::string, ValueSlot, NameHash, std::equal_to<>> slots;

  Poco::AutoPtr<Poco::Util::LayeredConfiguration> layers;
  std::vector<File> files;
  Poco::AutoPtr<EnvironmentLayer> environment;
  Poco::AutoPtr<SettingsLayer> settings;
  std::mutex overlay_mutex;  // one overlay at a time
};

}  // namespace calixo::host
