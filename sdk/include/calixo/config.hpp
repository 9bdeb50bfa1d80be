// Configuration keys: registered while the plugin describes itself, read from configure on.
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/detail/json_writer.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace calixo {

template <class T>
concept KeyValue = std::same_as<T, bool> || std::same_as<T, std::int64_t> ||
    std::same_as<T, double> || std::same_as<T, std::string>;

// Reads one key's present value; a runtime key may change between two calls. A small value: copy
// it.
template <KeyValue T>
class Setting {
 public:
  Setting() = default;
  // Made by KeyBuilder::setting().
  Setting(const detail::Host& host, std::string name) : host_(&host), name_(std::move(name)) {}

  // Throws std::logic_error before configure. [any-thread]
  T get() const {
    if (host_ == nullptr) throw std::logic_error("a Setting that belongs to no key");
    const calixo_config_v1& config = *host_->config;
    const calixo_str key = detail::to_abi(name_);
    if constexpr (std::same_as<T, bool>) {
      std::int32_t value = 0;
      check(config.get_bool(host_->handle, key, &value));
      return value != 0;
    } else if constexpr (std::same_as<T, std::int64_t>) {
      T value = 0;
      check(config.get_int(host_->handle, key, &value));
      return value;
    } else if constexpr (std::same_as<T, double>) {
      T value = 0;
      check(config.get_real(host_->handle, key, &value));
      return value;
    } else {
      return get_text(config, key);
    }
  }
  // The key's name.
  const std::string& name() const { return name_; }

 private:
  void check(calixo_status status) const {
    if (status != CALIXO_OK) {
      throw std::logic_error("key " + name_ + " can't be read, status " + std::to_string(status));
    }
  }
  std::string get_text(const calixo_config_v1& config, calixo_str key) const {
    std::string value(64, '\0');
    for (;;) {
      std::size_t size = 0;
      check(config.get_text(host_->handle, key, value.data(), value.size(), &size));
      const bool is_whole = size <= value.size();
      value.resize(size);
      if (is_whole) return value;
    }
  }

  const detail::Host* host_ = nullptr;
  std::string name_;
};

namespace detail {

// A key as it will be registered.
struct KeyRecord {
  std::uint32_t type = CALIXO_KEY_TEXT;
  std::uint32_t flags = 0;
  std::string name, default_value, description, choices;
  double min = 1, max = 0;  // unbounded
};

}  // namespace detail

// Says what is known of a key; its members may stand in any order.
template <KeyValue T>
class KeyBuilder {
 public:
  // Made by Plugin::key().
  KeyBuilder(const detail::Host& host, detail::KeyRecord& record)
      : host_(&host), record_(&record) {}

  // Numbers: inclusive. Texts: length in bytes.
  KeyBuilder& min(double least) {
    if (record_->min > record_->max) record_->max = kMost;
    record_->min = least;
    return *this;
  }
  // The largest number that is taken; of a text, its longest length in bytes.
  KeyBuilder& max(double most) {
    if (record_->min > record_->max) record_->min = -kMost;
    record_->max = most;
    return *this;
  }
  // One sentence for the operator; the unit stands in it.
  KeyBuilder& describe(std::string_view text) {
    record_->description = text;
    return *this;
  }
  // The only texts that are taken.
  KeyBuilder& choices(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      if (!record_->choices.empty()) record_->choices += '|';
      record_->choices += name;
    }
    return *this;
  }
  KeyBuilder& secret() { return flag(CALIXO_KEY_SECRET); }      // never shown, never logged
  KeyBuilder& is_public() { return flag(CALIXO_KEY_PUBLIC); }   // served by GET /api/config
  KeyBuilder& runtime() { return flag(CALIXO_KEY_RUNTIME); }    // changes without a restart
  KeyBuilder& required() { return flag(CALIXO_KEY_REQUIRED); }  // the start asks for it

  // Reads the key later; keep it.
  Setting<T> setting() const { return Setting<T>(*host_, record_->name); }
  // The same, for a member that is a Setting.
  operator Setting<T>() const { return setting(); }

 private:
  static constexpr double kMost = 9223372036854774784.0;  // the largest double below 2^63
  KeyBuilder& flag(std::uint32_t bit) {
    record_->flags |= bit;
    return *this;
  }
  const detail::Host* host_;
  detail::KeyRecord* record_;
};

}  // namespace calixo
