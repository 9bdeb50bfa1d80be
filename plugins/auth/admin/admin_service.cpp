#include "admin/admin_service.hpp"

#include <stdexcept>

#include "account_store.hpp"
#include "encoding.hpp"
#include "password.hpp"
#include "signing_key_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kGeneratedLength = 20;

std::string address_of(const std::string& text) {
  const auto email = normal_email(text);
  if (!email) throw std::runtime_error("'" + text + "' is no e-mail address");
  return *email;
}

NewAccount confirmed_account(const std::string& email, const std::string& password, Timestamp now) {
  NewAccount account;
  account.id = random_uuid();
  account.email = email;
  account.password_hash = hash_password(password);
  account.user_metadata = boost::json::object();
  account.locale = "es";
  account.is_confirmed = true;
  account.identity = email_identity(account.id, email, true, now);
  return account;
}

}  // namespace

void AdminService::make_first() const {
  const std::string configured = settings_.first_admin_email.get();
  if (configured.empty()) return;
  const std::string password = random_password(kGeneratedLength);
  const NewAccount account = confirmed_account(address_of(configured), password, plugin_.now());
  Database db = plugin_.service_db();
  Batch batch = db.batch();
  add_first_admin_mark(batch);
  add_account(batch, account);
  add_appointment(batch, account.id, "ADMIN");
  try {
    batch.run();
  } catch (const DbError& error) {
    if (!error.is_unique_violation()) throw;
    if (error.constraint() == kEmailConstraint) {
      // Whoever signed up under it must not become administrator by that.
      plugin_.log().warn("first administrator not made",
                         {{"reason", "the address of auth.first_admin_email has an account"}});
    }
    return;  // otherwise another node was faster, and prints it
  }
  plugin_.log().info("first administrator made", {{"user_id", account.id}});
  plugin_.log().notice("First administrator: " + account.email + "  password: " + password +
                       "  (shown once)");
}

AppointedAdmin AdminService::appoint(const std::string& email,
                                     std::optional<std::string> password) const {
  const std::string address = address_of(email);
  if (password && password->size() > kPasswordBytesMax) {
    throw std::runtime_error("the password is longer than 256 bytes");
  }
  if (password) accounts_.check_password(*password);
  Database db = plugin_.service_db();
  if (const auto known = account_by_email(db, address)) {
    if (password) change_password(db, known->account.id, hash_password(*password));
    Batch appointment = db.batch();
    add_appointment(appointment, known->account.id, "ADMIN");
    appointment.run();
    return {known->account.id, address, std::nullopt, false};
  }
  const std::string chosen = password ? *password : random_password(kGeneratedLength);
  const NewAccount account = confirmed_account(address, chosen, plugin_.now());
  Batch batch = db.batch();
  add_account(batch, account);
  add_appointment(batch, account.id, "ADMIN");
  batch.run();
  return {account.id, address, password ? std::nullopt : std::optional(chosen), true};
}

}  // namespace calixo::auth
