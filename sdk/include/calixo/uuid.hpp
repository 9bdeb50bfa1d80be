// A UUID in its canonical text, held in place.
// Values. [any-thread]
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace calixo {

// A UUID in its text form, small letters.
class Uuid {
 public:
  Uuid() = default;  // empty

  // 8-4-4-4-12 hexadecimal digits, any case; kept in lower case.
  static std::optional<Uuid> parse(std::string_view text) {
    if (text.size() != kSize) return std::nullopt;
    Uuid uuid;
    for (std::size_t i = 0; i < kSize; ++i) {
      char c = text[i];
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        if (c != '-') return std::nullopt;
      } else {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
      }
      uuid.characters_[i] = c;
    }
    return uuid;
  }

  // Whether it holds none.
  bool empty() const { return characters_[0] == 0; }
  // 36 characters, or none; good as long as this.
  std::string_view text() const {
    return empty() ? std::string_view() : std::string_view(characters_.data(), kSize);
  }
  // The same as a copy.
  std::string str() const { return std::string(text()); }
  // The same as text().
  operator std::string_view() const { return text(); }

  // By the text.
  auto operator<=>(const Uuid&) const = default;

 private:
  static constexpr std::size_t kSize = 36;
  std::array<char, kSize> characters_{};
};

}  // namespace calixo
