#include "admin/account_admin.hpp"

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

void require_known(bool is_known) { require(is_known, not_found("user")); }

// Of two who dismiss each other at once, the second waits here and finds the first gone.
void require_another_administrator(Transaction& tx, std::string_view user_id) {
  const auto administrators = lock_administrators(tx);
  const bool is_last = administrators.size() == 1 && administrators.front() == user_id;
  require(!is_last, conflict("last_administrator"));
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

void AccountAdmin::create(Transaction& tx, const NewAccount& account, const AccountChange& rest) {
  Batch batch = tx.batch();
  add_account(batch, account);
  batch.run();
  change_account(tx, account.id, rest);
}

void AccountAdmin::change(Transaction& tx, std::string_view user_id, const AccountChange& change,
                          const std::optional<std::string>& role) {
  if (change.ban_s.value_or(0) > 0) require_another_administrator(tx, user_id);
  require_known(change_account(tx, user_id, change));
  if (role) set_role(tx, user_id, *role);
}

void AccountAdmin::set_role(Transaction& tx, std::string_view user_id, std::string_view role) {
  require_known(admin_user(tx, user_id).has_value());
  if (role != "ADMIN") require_another_administrator(tx, user_id);
  if (role.empty()) {
    dismiss(tx, user_id);
  } else {
    appoint(tx, user_id, role);
  }
}

void AccountAdmin::ban(Transaction& tx, std::string_view user_id, std::int64_t duration_s) {
  AccountChange ban;
  ban.ban_s = duration_s;
  change(tx, user_id, ban, std::nullopt);
}

void AccountAdmin::erase(Transaction& tx, std::string_view user_id) {
  require_another_administrator(tx, user_id);
  require_known(erase_account(tx, user_id));
}

}  // namespace calixo::auth
