#include "feeding_check.hpp"

#include <calixo/detail/abi.hpp>
#include <calixo/uuid.hpp>

#include <algorithm>
#include <string_view>

namespace calixo::avatar {
namespace {

using detail::view;

constexpr std::size_t kSourceSizeMax = 120;
constexpr std::size_t kNameSizeMax = 64;
constexpr std::int32_t kEnergyMax = 100;
constexpr std::int32_t kExperienceMax = 1'000'000;

template <class IsFit>
bool is_word(std::string_view text, std::size_t size_max, IsFit is_fit) {
  return !text.empty() && text.size() <= size_max && std::all_of(text.begin(), text.end(), is_fit);
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_source(std::string_view text) {
  return is_word(text, kSourceSizeMax, [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == '.' || c == ':' || c == '-';
  });
}

bool is_name(std::string_view text) {
  return is_word(text, kNameSizeMax, [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

bool is_between(std::int32_t value, std::int32_t least, std::int32_t most) {
  return value >= least && value <= most;
}

}  // namespace

bool is_person(calixo_str user_id) { return Uuid::parse(view(user_id)).has_value(); }

bool is_well_formed(const calixo_feeding* feeding) {
  return feeding != nullptr && feeding->struct_size >= sizeof *feeding &&
         is_between(feeding->energy, 0, kEnergyMax) &&
         is_between(feeding->experience, 0, kExperienceMax) && feeding->streak_days >= 0 &&
         is_person(feeding->user_id) && is_source(view(feeding->source));
}

bool is_well_formed(const calixo_cosmetic* cosmetic) {
  return cosmetic != nullptr && cosmetic->struct_size >= sizeof *cosmetic &&
         is_name(view(cosmetic->category)) && is_name(view(cosmetic->item_id));
}

}  // namespace calixo::avatar
