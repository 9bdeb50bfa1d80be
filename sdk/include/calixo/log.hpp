// Events with fields, for operators. The host adds the plugin, the request id and the time.
// Never hand it a secret, a token, an e-mail address or a body. [any-thread]
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/detail/json_writer.hpp>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace calixo {

// One field of an event: a name and a text, number or boolean.
struct LogField {
  // Numbers, texts and booleans. Texts are copied.
  template <class T>
  LogField(std::string_view field_name, const T& value) : name(field_name) {
    if constexpr (std::is_same_v<T, bool>) {
      text = value ? "true" : "false";
    } else if constexpr (std::is_integral_v<T>) {
      detail::append_number(text, value);
    } else if constexpr (std::is_floating_point_v<T>) {
      detail::append_number(text, static_cast<double>(value));
    } else {
      text = std::string_view(value);
    }
  }
  std::string_view name;  // snake_case, its unit last
  std::string text;       // the value as text
};

// Writes events for the operator, with the plugin and the request they belong to. [any-thread]
class Log {
 public:
  // Made by Context and Plugin.
  explicit Log(const detail::Host& host) : host_(&host) {}

  // event: a short phrase that stays the same, "challenge started".
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) const {
    write(CALIXO_LOG_ERROR, event, fields);
  }
  // Something is degraded.
  void warn(std::string_view event, std::initializer_list<LogField> fields = {}) const {
    write(CALIXO_LOG_WARN, event, fields);
  }
  // A step of the life of something.
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) const {
    write(CALIXO_LOG_INFO, event, fields);
  }
  // One request; off by default.
  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const {
    write(CALIXO_LOG_DEBUG, event, fields);
  }
  // Whether debug() would write anything.
  bool is_debug_enabled() const {
    return host_->log->is_enabled(host_->handle, CALIXO_LOG_DEBUG) != 0;
  }
  // A line for the operator's terminal once the server is ready; never logged. [startup]
  void notice(std::string_view line) const {
    host_->log->notice(host_->handle, detail::to_abi(line));
  }

 private:
  static constexpr std::size_t kFieldsMax = 16;  // more are left out

  void write(std::uint32_t level, std::string_view event,
             std::initializer_list<LogField> fields) const {
    if (host_->log->is_enabled(host_->handle, level) == 0) return;
    std::array<calixo_field, kFieldsMax> views;
    std::size_t count = 0;
    for (const LogField& field : fields) {
      if (count == kFieldsMax) break;
      views[count++] = {detail::to_abi(field.name), detail::to_abi(field.text)};
    }
    host_->log->write(host_->handle, level, detail::to_abi(event), views.data(), count);
  }

  const detail::Host* host_;
};

}  // namespace calixo
