#include "cursor.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kDigitCount = 13;  // 65 bits in fives
constexpr std::size_t kSize = kDigitCount + 1;

// Tells a cut or edited cursor from a whole one; no secret stands behind a page.
char check_digit(std::uint64_t bits) {
  std::uint64_t mixed = bits * 0x9e3779b97f4a7c15u;
  return kDigits[mixed >> 59];
}

}  // namespace

std::string cursor_after(std::int64_t id) {
  const auto bits = static_cast<std::uint64_t>(id);
  std::string text(kSize, '0');
  for (std::size_t i = 0; i < kDigitCount; ++i) {
    text[kDigitCount - 1 - i] = kDigits[(bits >> (5 * i)) & 31];
  }
  text.back() = check_digit(bits);
  return text;
}

std::optional<std::int64_t> id_of_cursor(std::string_view cursor) {
  if (cursor.size() != kSize) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char c : cursor.substr(0, kDigitCount)) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 5) | digit;
  }
  const auto id = static_cast<std::int64_t>(bits);
  if (id < 0 || cursor_after(id) != cursor) return std::nullopt;
  return id;
}

}  // namespace calixo::challenges
