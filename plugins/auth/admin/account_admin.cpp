#include "admin/account_admin.hpp"

namespace calixo::auth {
namespace {

void require_known(bool is_known) { require(is_known, not_found("user")); }

// Of two who dismiss each other at once, the second waits here and finds the first gone.
void require_another_administrator(Transaction& tx, std::string_view user_id) {
  const auto administrators = lock_administrators(tx);
  const bool is_last = administrators.size() == 1 && administrators.front() == user_id;
  require(!is_last, conflict("last_administrator"));
}

}  // namespace

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

void AccountAdmin::erase(Transaction& tx, std::string_view user_id,
                         const PersonalDataService& personal_data) {
  require_another_administrator(tx, user_id);
  require_known(personal_data.erase(tx, user_id));
}

}  // namespace calixo::auth
