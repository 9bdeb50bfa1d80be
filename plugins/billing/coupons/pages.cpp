#include "pages.hpp"

#include <charconv>

namespace calixo::billing {
namespace {

// The id multiplied by an odd number modulo 2^64, and by its inverse back.
constexpr std::uint64_t kFactor = 0xd1342543de82ef95u;

constexpr std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t found = odd;  // right in the last three bits; each round doubles them
  for (int round = 0; round < 5; ++round) found *= 2 - odd * found;
  return found;
}
static_assert(kFactor * inverse(kFactor) == 1);

constexpr std::size_t kSize = 16;
constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string cursor_after(std::int32_t id) {
  std::uint64_t bits = static_cast<std::uint64_t>(id) * kFactor;
  std::string text(kSize, '0');
  for (std::size_t i = kSize; i-- > 0; bits >>= 4) text[i] = kDigits[bits & 15];
  return text;
}

std::optional<std::int32_t> id_of_cursor(std::string_view cursor) {
  if (cursor.size() != kSize) return std::nullopt;
  if (cursor.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  std::uint64_t bits = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), bits, 16);
  const std::uint64_t id = bits * inverse(kFactor);
  if (id == 0 || id > INT32_MAX) return std::nullopt;
  return static_cast<std::int32_t>(id);
}

}  // namespace calixo::billing
