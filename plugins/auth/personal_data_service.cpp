#include "personal_data_service.hpp"

#include <calixo/json.hpp>
#include <calixo/personal_data.hpp>

#include <vector>

namespace calixo::auth {
namespace {

struct Part {
  std::string name;
  const calixo_personal_data_v1* table;
};

// Called by the host: nothing may be thrown but for want of memory.
void add_part(void* sink, const calixo_extension* extension) {
  const auto* table = static_cast<const calixo_personal_data_v1*>(extension->table);
  if (table->struct_size < sizeof *table) return;
  static_cast<std::vector<Part>*>(sink)->push_back(
      {std::string(detail::view(extension->name)), table});
}

std::vector<Part> parts(const Plugin& plugin) {
  std::vector<Part> found;
  const detail::Host& host = plugin.host();
  detail::throw_unless_ok(
      host.extensions->each(host.handle, detail::to_abi(CALIXO_PERSONAL_DATA_ID), &add_part,
                            &found),
      "read who holds personal data");
  return found;
}

// Of a part that failed its plugin's log tells the reason. A conflict of transactions runs again.
void require_ok(calixo_status status, const Part& part, const Log& log) {
  if (status == CALIXO_OK) return;
  if (status == CALIXO_CONFLICT) throw DbError(status, "40001", "40001 " + part.name);
  log.error("personal data not complete", {{"part", part.name}, {"status", status}});
  throw Problem(503, "unavailable").retry_after_s(5);
}

void put(void* sink, calixo_str json) {
  static_cast<std::string*>(sink)->append(json.data, json.size);
}

std::string export_of(const Part& part, Transaction& tx, std::string_view user_id, const Log& log) {
  std::string json;
  if (part.table->export_data == nullptr) return json;
  const calixo_status status = detail::suspending([&] {
    return part.table->export_data(part.table->user, detail::to_abi(user_id), tx.handle(), &put,
                                   &json);
  });
  require_ok(status, part, log);
  return json;
}

void register_own_part(Plugin& plugin, const MailJob& mails) {
  plugin.personal_data("auth")
      .table("account", R"(
        select id, email, new_email, created_at, updated_at, email_confirmed_at, last_sign_in_at,
               app_metadata, user_metadata, is_anonymous, banned_until, invited_at
        from users where id = $1)")
      .table("profile", "select * from profiles where user_id = $1")
      .table("identities", R"(
        select provider, provider_id, identity_data, last_sign_in_at, created_at, updated_at
        from identities where user_id = $1)")
      .table("sessions", R"(
        select id, created_at, refreshed_at, aal, amr from sessions where user_id = $1)")
      .table("factors", R"(
        select id, friendly_name, factor_type, status, created_at, updated_at
        from mfa_factors where user_id = $1)")
      .table("appointment", "select role, created_at from admin_users where user_id = $1")
      .on_erase([&mails](Database& service, std::string_view user_id) {
        mails.forget(service, user_id);
      });
}

}  // namespace

PersonalDataService::PersonalDataService(Plugin& plugin, const MailJob& mails) : plugin_(plugin) {
  plugin.define_point(CALIXO_PERSONAL_DATA_ID);
  register_own_part(plugin, mails);
}

std::string PersonalDataService::export_json(std::string_view user_id) {
  const TransactionOptions as_of_one_moment{Isolation::repeatable_read, true, 3};
  const std::string data = plugin_.service_transaction(
      [&](Transaction& tx) {
        std::string json;
        for (const Part& part : parts(plugin_)) {
          const std::string told = export_of(part, tx, user_id, plugin_.log());
          if (told.empty()) continue;
          json += (json.empty() ? "" : ",") + to_json(part.name) + ":" + told;
        }
        return json;
      },
      as_of_one_moment);
  return "{\"user_id\":" + to_json(std::string(user_id)) +
         ",\"exported_at\":" + to_json(plugin_.now()) + ",\"data\":{" + data + "}}";
}

bool PersonalDataService::erase(Transaction& tx, std::string_view user_id) const {
  if (tx.query("select from users where id = $1 for update", user_id).empty()) return false;
  for (const Part& part : parts(plugin_)) {
    if (part.table->erase == nullptr) continue;
    require_ok(detail::suspending([&] {
                 return part.table->erase(part.table->user, detail::to_abi(user_id), tx.handle());
               }),
               part, plugin_.log());
  }
  return tx.execute("delete from users where id = $1", user_id) == 1;
}

}  // namespace calixo::auth
