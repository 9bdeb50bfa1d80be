#include "movement_check.hpp"

#include <calixo/detail/abi.hpp>
#include <calixo/uuid.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace calixo::store {
namespace {

constexpr std::int64_t kAmountMax = 1'000'000'000;
constexpr std::int64_t kItemIdMax = INT32_MAX;
constexpr std::size_t kReasonMax = 40;
constexpr std::size_t kSourceMax = 120;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool is_of_source(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-';
}

template <class Fits>
bool is_word(std::string_view text, std::size_t length_max, Fits fits) {
  return !text.empty() && text.size() <= length_max && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

bool is_user_id(std::string_view text) { return Uuid::parse(text).has_value(); }

bool names_movement(const calixo_movement* movement) {
  return movement != nullptr && movement->struct_size >= sizeof(calixo_movement) &&
         is_user_id(detail::view(movement->user_id)) &&
         is_word(detail::view(movement->reason), kReasonMax, &is_letter) &&
         is_word(detail::view(movement->source), kSourceMax, &is_of_source) &&
         movement->item_id >= 0 && movement->item_id <= kItemIdMax;
}

bool is_movement(const calixo_movement* movement) {
  return names_movement(movement) && movement->amount >= 1 && movement->amount <= kAmountMax;
}

}  // namespace calixo::store
