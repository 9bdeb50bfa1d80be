// A failure that the client is told about: RFC 9457 problem documents with a stable code.
// Thrown inside a plugin; the layer turns it into the answer. Values. [any-thread]
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo {

// One wrong field of a request.
struct FieldError {
  std::string field;    // "address.lines[2]"; empty: the body as a whole
  std::string code;     // required, type, range, length, format, enum, unknown, or the plugin's own
  std::string message;  // in the caller's language
};

// Thrown or returned; becomes the answer with that status.
class Problem : public std::exception {
 public:
  // code: stable, snake_case; its text comes from plugin.message(code, …) unless message() sets
  // one.
  Problem(int http_status, std::string_view code)
      : http_status_(static_cast<std::uint16_t>(http_status)), code_(code) {}

  // For this client, in its language; replaces the code's text.
  Problem& message(std::string_view text) {
    message_ = text;
    return *this;
  }
  // Asks the client to come back so much later.
  Problem& retry_after_s(std::uint32_t seconds) {
    retry_after_s_ = seconds;
    return *this;
  }
  // One wrong field.
  Problem& error(std::string_view field, std::string_view code, std::string_view text) {
    errors_.push_back({std::string(field), std::string(code), std::string(text)});
    return *this;
  }
  // All wrong fields.
  Problem& errors(std::vector<FieldError> all) {
    errors_ = std::move(all);
    return *this;
  }

  // 400 to 599.
  std::uint16_t http_status() const { return http_status_; }
  // Stable, snake_case.
  const std::string& code() const { return code_; }
  // Empty: the text of plugin.message(code, …).
  const std::string& message() const { return message_; }
  std::uint32_t retry_after_s() const { return retry_after_s_; }  // 0: no Retry-After.
  // Wrong fields, or none.
  const std::vector<FieldError>& errors() const { return errors_; }
  // The code.
  const char* what() const noexcept override { return code_.c_str(); }

 private:
  std::uint16_t http_status_;
  std::uint32_t retry_after_s_ = 0;
  std::string code_;
  std::string message_;
  std::vector<FieldError> errors_;
};

// 404 with the code "<noun>_not_found".
inline Problem not_found(std::string_view noun) {
  return Problem(404, std::string(noun) + "_not_found");
}
// 409.
inline Problem conflict(std::string_view code) { return Problem(409, code); }
// 403.
inline Problem forbidden(std::string_view code) { return Problem(403, code); }
// 422.
inline Problem invalid(std::string_view code) { return Problem(422, code); }

// Throws unless the condition holds: 403 with that code, or the problem given.
inline void require(bool condition, std::string_view code) {
  if (!condition) throw forbidden(code);
}
// The same for a literal.
inline void require(bool condition, const char* code) {
  require(condition, std::string_view(code));
}
// The same with another problem.
inline void require(bool condition, const Problem& problem) {
  if (!condition) throw problem;
}

// The value, or the problem thrown.
template <class T>
T or_fail(std::optional<T> value, const Problem& problem) {
  if (!value) throw problem;
  return std::move(*value);
}

}  // namespace calixo
