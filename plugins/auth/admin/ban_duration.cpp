#include "admin/ban_duration.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace calixo::auth {
namespace {

constexpr double kBanSecondsMax = 1000.0 * 366 * 86'400;

// The longest first, so that "ms" is not read as minutes.
struct Unit {
  std::string_view name;
  double seconds;
};
constexpr std::array<Unit, 7> kUnits{
    {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}}};

// Takes "1.5h" off the front of text; nothing where it does not begin so.
std::optional<double> take_part(std::string_view& text) {
  double count = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), count, std::chars_format::fixed);
  if (fault != std::errc() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const Unit& one) { return text.starts_with(one.name); });
  if (unit == kUnits.end()) return std::nullopt;
  text.remove_prefix(unit->name.size());
  return count * unit->seconds;
}

}  // namespace

std::optional<std::int64_t> ban_seconds(std::string_view text) {
  if (text == "none") return 0;
  double seconds = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part) return std::nullopt;
    seconds += *part;
  }
  if (!(seconds > 0) || seconds > kBanSecondsMax) return std::nullopt;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(seconds));
}

}  // namespace calixo::auth
