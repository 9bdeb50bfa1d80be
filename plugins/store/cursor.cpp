#include "cursor.hpp"

#include <charconv>

namespace calixo::store {
namespace {

// Multiplied by the one and back by the other, modulo 2^64. What was cut or edited comes back as no
// id, but for one in 65,536; no secret stands behind a page.
constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15u;
constexpr std::uint64_t kInverse = 0xf1de83e19937733du;
static_assert(kFactor * kInverse == 1);

constexpr std::size_t kSize = 16;
constexpr int kIdBits = 48;
constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string cursor_after(std::int64_t id) {
  std::uint64_t bits = static_cast<std::uint64_t>(id) * kFactor;
  std::string text(kSize, '0');
  for (std::size_t i = kSize; i-- > 0; bits >>= 4) text[i] = kDigits[bits & 15];
  return text;
}

std::optional<std::int64_t> id_of_cursor(std::string_view cursor) {
  if (cursor.size() != kSize) return std::nullopt;
  if (cursor.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  std::uint64_t bits = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), bits, 16);
  const std::uint64_t id = bits * kInverse;
  if (id == 0 || id >> kIdBits != 0) return std::nullopt;
  return static_cast<std::int64_t>(id);
}

}  // namespace calixo::store
