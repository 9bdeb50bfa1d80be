#include "admin/users_commands.hpp"

#include <boost/json/serialize.hpp>
#include <iostream>
#include <stdexcept>

#include "access_token.hpp"
#include "admin/account_admin.hpp"
#include "admin/people_page.hpp"
#include "admin/people_routes.hpp"
#include "admin/words.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kKeyDays = 365, kKeyDaysMax = 3650;

std::string text_of(const std::optional<Timestamp>& time) {
  return time ? time->text().substr(0, 16) : "-";
}

std::vector<std::string> row_of(const AdminUser& user) {
  return {user.id,
          user.email.empty() ? "-" : user.email,
          user.display_name.value_or("-"),
          user.role,
          text_of(user.created_at),
          text_of(user.last_sign_in_at),
          text_of(user.banned_until)};
}

std::string table_of(const std::vector<AdminUser>& users) {
  std::vector<std::vector<std::string>> rows{
      {"ID", "ADDRESS", "NAME", "ROLE", "CREATED", "LAST SIGN-IN", "BANNED UNTIL"}};
  for (const AdminUser& user : users) rows.push_back(row_of(user));
  return text_table(rows);
}

std::string lines_of(const AdminUser& user) {
  return text_table({{"id", user.id},
                     {"address", user.email.empty() ? "-" : user.email},
                     {"name", user.display_name.value_or("-")},
                     {"role", user.role},
                     {"anonymous", user.is_anonymous ? "yes" : "no"},
                     {"created", text_of(user.created_at)},
                     {"confirmed", text_of(user.email_confirmed_at)},
                     {"last sign-in", text_of(user.last_sign_in_at)},
                     {"banned until", text_of(user.banned_until)}});
}

struct ServiceKey {
  std::string key;
  Timestamp expires_at;
};
BOOST_DESCRIBE_STRUCT(ServiceKey, (), (key, expires_at))

struct Erased {
  std::string id;
  bool erased = true;
};
BOOST_DESCRIBE_STRUCT(Erased, (), (id, erased))

bool is_confirmed(const AdminUser& user, Output& out) {
  out.write("Erase the account " + (user.email.empty() ? user.id : user.email) +
            " and all that belongs to it? Type yes: ");
  std::string answer;
  return std::getline(std::cin, answer) && answer == "yes";
}

}  // namespace

UsersCommands::UsersCommands(Plugin& plugin, const SessionService& sessions,
                             const PersonalDataService& personal_data)
    : plugin_(plugin), sessions_(sessions), personal_data_(personal_data) {
  add("users list", "Lists accounts, newest first",
      "[--search TEXT] [--role admin|moderator] [--banned] [--limit N] [--after CURSOR] [--json]",
      &UsersCommands::list);
  add("users show", "Shows one account", "ADDRESS|ID [--json]", &UsersCommands::show);
  add("users grant", "Appoints a moderator or an administrator",
      "ADDRESS|ID moderator|admin [--json]", &UsersCommands::grant);
  add("users revoke", "Ends an appointment", "ADDRESS|ID [--json]", &UsersCommands::revoke);
  add("users ban", "Bans an account for a while, or lifts its ban",
      "ADDRESS|ID --for 24h|--lift [--json]", &UsersCommands::ban);
  add("users delete", "Erases an account", "ADDRESS|ID [--yes] [--json]", &UsersCommands::erase);
  add("users service-key", "Prints a key for programs that may do everything",
      "[--days N] [--json]", &UsersCommands::service_key);
}

void UsersCommands::add(const std::string& words, std::string_view summary,
                        const std::string& usage,
                        void (UsersCommands::*run)(const Arguments&, Output&) const) {
  plugin_.command(words, summary, usage,
                  [this, words, usage, run](const Arguments& given, Output& out) {
                    return run_command(words + " " + usage, out, [&] { (this->*run)(given, out); });
                  });
}

std::string UsersCommands::user_id_of(const std::string& text) const {
  Database db = plugin_.service_db();
  return or_fail(auth::user_id_of(db, text), not_found("user"));
}

void UsersCommands::tell(const std::string& user_id, bool is_json, Output& out) const {
  Database db = plugin_.service_db();
  const AdminUser user = or_fail(admin_user(db, user_id), not_found("user"));
  out.write(is_json ? to_json(user) + "\n" : lines_of(user));
}

void UsersCommands::list(const Arguments& given, Output& out) const {
  const Words words(given, {"--banned", "--json"}, {"--search", "--role", "--limit", "--after"});
  words.exactly({});
  AdminUserFilter filter;
  filter.search = words.value("--search").value_or("");
  filter.role = words.value("--role").value_or("");
  if (!filter.role.empty() && filter.role != "admin" && filter.role != "moderator") {
    throw std::invalid_argument("--role takes admin or moderator");
  }
  if (words.has("--banned")) filter.is_banned = true;
  const std::int64_t limit = words.number("--limit", 50, 1000);
  filter.limit = limit + 1;
  if (const auto cursor = words.value("--after"); cursor && !take_cursor(filter, *cursor)) {
    throw std::invalid_argument("--after takes the cursor that a list before it gave");
  }
  Database db = plugin_.service_db();
  People people;
  people.items = admin_users(db, filter);
  people.next = cut_page(people.items, limit);
  if (words.has("--json")) {
    out.line(to_json(people));
    return;
  }
  out.write(people.items.empty() ? "No such accounts.\n" : table_of(people.items));
  if (people.next) out.line("There are more: --after " + *people.next);
}

void UsersCommands::show(const Arguments& given, Output& out) const {
  const Words words(given, {"--json"}, {});
  tell(user_id_of(words.exactly({"ADDRESS|ID"})[0]), words.has("--json"), out);
}

void UsersCommands::grant(const Arguments& given, Output& out) const {
  const Words words(given, {"--json"}, {});
  const auto named = words.exactly({"ADDRESS|ID", "moderator|admin"});
  if (named[1] != "admin" && named[1] != "moderator") {
    throw std::invalid_argument("the role is moderator or admin");
  }
  const std::string user_id = user_id_of(named[0]);
  plugin_.service_transaction([&](Transaction& tx) {
    AccountAdmin::set_role(tx, user_id, named[1] == "admin" ? "ADMIN" : "MODERATOR");
  });
  tell(user_id, words.has("--json"), out);
}

void UsersCommands::revoke(const Arguments& given, Output& out) const {
  const Words words(given, {"--json"}, {});
  const std::string user_id = user_id_of(words.exactly({"ADDRESS|ID"})[0]);
  plugin_.service_transaction([&](Transaction& tx) { AccountAdmin::set_role(tx, user_id, ""); });
  tell(user_id, words.has("--json"), out);
}

void UsersCommands::ban(const Arguments& given, Output& out) const {
  const Words words(given, {"--lift", "--json"}, {"--for"});
  const auto named = words.exactly({"ADDRESS|ID"});
  const auto duration = words.value("--for");
  if (duration.has_value() == words.has("--lift")) {
    throw std::invalid_argument("say either --for or --lift");
  }
  const auto seconds = ban_seconds(duration.value_or("none"));
  if (!seconds || (duration && *seconds == 0)) {
    throw std::invalid_argument("--for takes a duration such as 24h, 90m or 30d");
  }
  const std::string user_id = user_id_of(named[0]);
  plugin_.service_transaction([&](Transaction& tx) { AccountAdmin::ban(tx, user_id, *seconds); });
  tell(user_id, words.has("--json"), out);
}

void UsersCommands::erase(const Arguments& given, Output& out) const {
  const Words words(given, {"--yes", "--json"}, {});
  const std::string user_id = user_id_of(words.exactly({"ADDRESS|ID"})[0]);
  Database db = plugin_.service_db();
  const AdminUser user = or_fail(admin_user(db, user_id), not_found("user"));
  if (!words.has("--yes") && !is_confirmed(user, out)) {
    throw std::runtime_error("Nothing was erased.");
  }
  plugin_.service_transaction(
      [&](Transaction& tx) { AccountAdmin::erase(tx, user_id, personal_data_); });
  out.line(words.has("--json") ? to_json(Erased{user_id}) : "Account erased: " + user_id);
}

void UsersCommands::service_key(const Arguments& given, Output& out) const {
  const Words words(given, {"--json"}, {"--days"});
  words.exactly({});
  const std::int64_t days = words.number("--days", kKeyDays, kKeyDaysMax);
  const Timestamp now = plugin_.now();
  const Timestamp expires = Timestamp::from_unix_s(now.unix_s() + days * kSecondsPerDay);
  const auto tokens = sessions_.keys();
  const std::string claims = boost::json::serialize(boost::json::object{{"iss", tokens->issuer()},
                                                                        {"aud", kAudience},
                                                                        {"role", "service_role"},
                                                                        {"iat", now.unix_s()},
                                                                        {"exp", expires.unix_s()}});
  const ServiceKey key{tokens->sign(claims), expires};
  if (words.has("--json")) {
    out.line(to_json(key));
    return;
  }
  out.line(key.key);
  out.line("Whoever has this key may read and change everything, until " + text_of(expires) +
           " or until `calixo keys retire` retires the key that signed it. Keep it off clients.");
}

}  // namespace calixo::auth
