#include "admin/people_routes.hpp"

#include "admin/own_account.hpp"
#include "admin/people_page.hpp"

namespace calixo::auth {
namespace {

std::string user_id_of(const Context& context) { return context.path<Uuid>("id").str(); }

}  // namespace

PeopleRoutes::PeopleRoutes(Plugin& plugin, StandingService& standing,
                           const PersonalDataService& personal_data)
    : standing_(standing), personal_data_(personal_data) {
  RouteGroup readers = plugin.group({"/api/admin/users"});
  readers.tag("accounts").allow(Role::moderator);
  readers.get("", bind(*this, &PeopleRoutes::list))
      .summary("Accounts, newest first; by the beginning of an address or a name, role, ban");
  readers.get("/{id:uuid}", bind(*this, &PeopleRoutes::read))
      .summary("One account")
      .problem(404, "user_not_found");
  RouteGroup group = plugin.group({"/api/admin/users/{id:uuid}"});
  group.tag("accounts").allow(Role::admin);
  group.post("/grant", bind(*this, &PeopleRoutes::grant))
      .summary("Appoints a moderator or an administrator; it holds at once")
      .problem(404, "user_not_found")
      .problem(409, "own_account")
      .problem(409, "last_administrator");
  group.post("/revoke", bind(*this, &PeopleRoutes::revoke))
      .summary("Ends an appointment; it holds at once")
      .problem(404, "user_not_found")
      .problem(409, "own_account")
      .problem(409, "last_administrator");
  group.post("/ban", bind(*this, &PeopleRoutes::ban))
      .summary("Bans an account for a while; it holds at once")
      .problem(404, "user_not_found")
      .problem(409, "own_account")
      .problem(409, "last_administrator");
  group.post("/unban", bind(*this, &PeopleRoutes::unban))
      .summary("Lifts a ban")
      .problem(404, "user_not_found");
  group.del("", bind(*this, &PeopleRoutes::erase))
      .summary("Erases an account")
      .problem(404, "user_not_found")
      .problem(409, "own_account")
      .problem(409, "last_administrator");
}

People PeopleRoutes::list(Context& context, const PeopleQuery& query) const {
  AdminUserFilter filter;
  filter.search = query.search.value_or("");
  filter.role = query.role.value_or("");
  filter.is_banned = query.banned;
  filter.limit = query.limit + 1;
  if (query.cursor && !take_cursor(filter, *query.cursor)) {
    const bool is_spanish = context.language() == "es";
    throw invalid("validation_failed")
        .error("cursor", "format",
               is_spanish ? "No es un cursor de esta lista." : "Is not a cursor of this list.");
  }
  Database db = context.service_db();
  People people;
  people.items = admin_users(db, filter);
  people.next = cut_page(people.items, query.limit);
  return people;
}

AdminUser PeopleRoutes::read(Context& context) const {
  Database db = context.service_db();
  return or_fail(admin_user(db, user_id_of(context)), not_found("user"));
}

template <class Change>
AdminUser PeopleRoutes::changed(Context& context, const Change& change) {
  const std::string user_id = user_id_of(context);
  AdminUser user = context.service_transaction([&](Transaction& tx) {
    change(tx, user_id);
    return or_fail(admin_user(tx, user_id), not_found("user"));
  });
  standing_.catch_up();
  return user;
}

AdminUser PeopleRoutes::grant(Context& context, const GrantRequest& wanted) {
  if (wanted.role != "admin") refuse_own_account(context, user_id_of(context));
  return changed(context, [&](Transaction& tx, const std::string& user_id) {
    AccountAdmin::set_role(tx, user_id, wanted.role == "admin" ? "ADMIN" : "MODERATOR");
  });
}

AdminUser PeopleRoutes::revoke(Context& context) {
  refuse_own_account(context, user_id_of(context));
  return changed(context, [](Transaction& tx, const std::string& user_id) {
    AccountAdmin::set_role(tx, user_id, "");
  });
}

AdminUser PeopleRoutes::ban(Context& context, const BanRequest& wanted) {
  refuse_own_account(context, user_id_of(context));
  return changed(context, [&](Transaction& tx, const std::string& user_id) {
    AccountAdmin::ban(tx, user_id, ban_seconds(wanted.duration).value_or(1));
  });
}

AdminUser PeopleRoutes::unban(Context& context) {
  return changed(context, [](Transaction& tx, const std::string& user_id) {
    AccountAdmin::ban(tx, user_id, 0);
  });
}

void PeopleRoutes::erase(Context& context) {
  const std::string user_id = user_id_of(context);
  refuse_own_account(context, user_id);
  context.service_transaction(
      [&](Transaction& tx) { AccountAdmin::erase(tx, user_id, personal_data_); });
  standing_.catch_up();
}

}  // namespace calixo::auth
