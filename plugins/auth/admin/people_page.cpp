#include "admin/people_page.hpp"

#include <charconv>

#include "encoding.hpp"

namespace calixo::auth {

bool take_cursor(AdminUserFilter& filter, std::string_view cursor) {
  const auto text = from_base64url(cursor);
  if (!text) return false;
  const auto colon = text->find(':');
  if (colon == std::string::npos) return false;
  std::int64_t created_us = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + colon, created_us);
  const auto id = Uuid::parse(std::string_view(*text).substr(colon + 1));
  if (fault != std::errc() || end != text->data() + colon || !id) return false;
  filter.before_created_at = Timestamp{created_us};
  filter.before_id = id->str();
  return true;
}

std::optional<std::string> cut_page(std::vector<AdminUser>& items, std::int64_t limit) {
  if (static_cast<std::int64_t>(items.size()) <= limit) return std::nullopt;
  items.resize(static_cast<std::size_t>(limit));
  const AdminUser& last = items.back();
  return base64url(std::to_string(last.created_at.unix_us) + ":" + last.id);
}

}  // namespace calixo::auth
