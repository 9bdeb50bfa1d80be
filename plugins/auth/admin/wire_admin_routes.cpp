#include "admin/wire_admin_routes.hpp"

#include <algorithm>

#include "access_token.hpp"
#include "admin/admin_problems.hpp"
#include "admin/own_account.hpp"
#include "admin/taken_address.hpp"
#include "encoding.hpp"
#include "password.hpp"
#include "problems.hpp"
#include "user_data.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kPerPageMax = 1000;
constexpr std::int64_t kPageMax = 1'000'000;

constexpr Text kBadPage{"page y per_page deben ser números desde 1; per_page, hasta 1000.",
                        "page and per_page must be numbers from 1 on, per_page up to 1000."};
constexpr Text kNoEmail{"Falta el correo.", "Cannot create a user without an email."};
constexpr Text kBadEmail{"No es una dirección de correo válida.",
                         "Unable to validate email address: invalid format."};
constexpr Text kBadId{"El id debe ser un UUID.", "user_id must be an UUID."};
constexpr Text kBadBan{"ban_duration debe ser una duración como 24h, o none.",
                       "ban_duration must be a duration such as 24h, or none."};
constexpr Text kBadMetadata{"Los metadatos deben ser un objeto, más pequeño.",
                            "Metadata must be an object, smaller and without null characters."};
constexpr Text kLongPassword{"La contraseña es demasiado larga.", "The password is too long."};

// Where this page stands among all. Clients want `page` first.
std::string page_links(const Context& context, const WirePageQuery& query, std::int64_t total) {
  const std::int64_t last =
      std::max<std::int64_t>(1, (total + query.per_page - 1) / query.per_page);
  const auto link = [&](std::int64_t page, const char* relation) {
    return "<" + std::string(context.base_url()) + std::string(context.request_path()) +
           "?page=" + std::to_string(page) + "&per_page=" + std::to_string(query.per_page) +
           ">; rel=\"" + relation + "\"";
  };
  const std::string to_last = link(last, "last");
  return query.page < last ? link(query.page + 1, "next") + ", " + to_last : to_last;
}

bool is_given(const std::optional<Json>& value) { return value && !value->is_null(); }

// app_metadata.role of an administrator stands in admin_users; any other ends an appointment.
std::optional<std::string> take_role(std::optional<Json>& app_metadata) {
  if (!is_given(app_metadata)) return std::nullopt;
  boost::json::object& metadata = app_metadata->get_object();
  const Json* role = metadata.if_contains("role");
  if (role == nullptr) return std::nullopt;
  const std::string name = role->is_string() ? std::string(role->get_string().c_str()) : "";
  if (name != "admin" && name != "moderator") return "";
  metadata["role"] = nullptr;
  return name == "admin" ? "ADMIN" : "MODERATOR";
}

}  // namespace

WireAdminRoutes::WireAdminRoutes(Plugin& plugin, const Settings& settings,
                                 const AccountService& accounts, PasswordWorkshop& workshop,
                                 StandingService& standing,
                                 const PersonalDataService& personal_data)
    : settings_(settings),
      accounts_(accounts),
      workshop_(workshop),
      standing_(standing),
      personal_data_(personal_data) {
  RouteGroup group = plugin.group({"/api/auth", "/auth/v1"});
  group.render_problems(&render_admin_problem).tag("auth admin").allow(Role::service | Role::admin);
  group.get("/admin/users", bind(*this, &WireAdminRoutes::list))
      .response<WireUsers>()
      .summary("A page of all accounts, oldest first, with their number in x-total-count");
  group.post("/admin/users", bind(*this, &WireAdminRoutes::create))
      .summary("Makes an account; nothing is sent to its address")
      .problem(422, "email_exists")
      .problem(422, "weak_password");
  group.get("/admin/users/{id}", bind(*this, &WireAdminRoutes::read))
      .summary("One account")
      .problem(404, "user_not_found");
  group.put("/admin/users/{id}", bind(*this, &WireAdminRoutes::change))
      .summary("Changes an account; a new password ends its sessions")
      .problem(404, "user_not_found")
      .problem(409, "last_administrator")
      .problem(422, "email_exists")
      .problem(422, "weak_password");
  group.del("/admin/users/{id}", bind(*this, &WireAdminRoutes::erase))
      .summary("Erases an account")
      .problem(404, "user_not_found")
      .problem(409, "last_administrator");
}

Reply WireAdminRoutes::list(Context& context, const WirePageQuery& query) const {
  require(query.page >= 1 && query.page <= kPageMax && query.per_page >= 1 &&
              query.per_page <= kPerPageMax,
          validation_problem(context, kBadPage));
  Database db = context.service_db();
  const AccountPage page = account_page(db, query.page, query.per_page);
  WireUsers users;
  users.aud = kAudience;
  for (const Account& account : page.accounts) users.users.push_back(as_user(account));
  Reply reply;
  reply.headers.emplace_back("x-total-count", std::to_string(page.total));
  reply.headers.emplace_back("Link", page_links(context, query, page.total));
  reply.body = to_json(users);
  return reply;
}

void WireAdminRoutes::check_metadata(Context& context, const std::optional<Json>& metadata) const {
  if (!is_given(metadata)) return;
  require(is_storable(*metadata, settings_.user_metadata_bytes_max.get()),
          validation_problem(context, kBadMetadata));
}

WireAdminRoutes::Wanted WireAdminRoutes::checked(Context& context,
                                                 const WireAdminUser& given) const {
  check_metadata(context, given.user_metadata);
  check_metadata(context, given.app_metadata);
  Wanted wanted;
  AccountChange& change = wanted.change;
  if (is_given(given.user_metadata)) change.user_metadata = given.user_metadata;
  if (is_given(given.app_metadata)) change.app_metadata = given.app_metadata;
  wanted.role = take_role(change.app_metadata);
  change.confirms_email = given.email_confirm;
  if (!given.email.value_or("").empty()) {
    change.email = or_fail(normal_email(*given.email), validation_problem(context, kBadEmail));
  }
  if (given.ban_duration) {
    change.ban_s = or_fail(ban_seconds(*given.ban_duration), validation_problem(context, kBadBan));
  }
  if (given.password) {
    require(given.password->size() <= kPasswordBytesMax,
            validation_problem(context, kLongPassword));
    accounts_.check_password(*given.password);
  }
  return wanted;
}

User WireAdminRoutes::create(Context& context, const WireAdminUser& given) {
  Wanted wanted = checked(context, given);
  NewAccount account;
  account.email = or_fail(wanted.change.email, validation_problem(context, kNoEmail));
  wanted.change.email.reset();
  account.id = random_uuid();
  if (given.id) {
    account.id = or_fail(Uuid::parse(*given.id), validation_problem(context, kBadId)).str();
  }
  if (given.password) account.password_hash = workshop_.hash(context, *given.password);
  account.user_metadata = boost::json::object();
  account.locale = context.language();
  account.is_confirmed = given.email_confirm.value_or(false);
  account.identity = email_identity(account.id, account.email, account.is_confirmed, context.now());
  or_email_exists([&] {
    context.service_transaction([&](Transaction& tx) {
      AccountAdmin::create(tx, account, wanted.change);
      if (!wanted.role.value_or("").empty()) AccountAdmin::set_role(tx, account.id, *wanted.role);
    });
    return true;
  });
  standing_.catch_up();
  return stored(context, account.id);
}

std::string WireAdminRoutes::user_id_of(const Context& context) {
  const auto id = Uuid::parse(context.path<std::string>("id"));
  const bool is_spanish = context.language() == "es";
  require(id.has_value(),
          Problem(404, "validation_failed").message(is_spanish ? kBadId.es : kBadId.en));
  return id->str();
}

User WireAdminRoutes::stored(Context& context, const std::string& user_id) {
  Database db = context.service_db();
  return as_user(or_fail(account_by_id(db, user_id), not_found("user")));
}

User WireAdminRoutes::read(Context& context) const { return stored(context, user_id_of(context)); }

User WireAdminRoutes::change(Context& context, const WireAdminUser& given) {
  const std::string user_id = user_id_of(context);
  Wanted wanted = checked(context, given);
  if (wanted.change.ban_s.value_or(0) > 0 || wanted.role.value_or("ADMIN") != "ADMIN") {
    refuse_own_account(context, user_id);
  }
  if (given.password) wanted.change.password_hash = workshop_.hash(context, *given.password);
  or_email_exists([&] {
    context.service_transaction(
        [&](Transaction& tx) { AccountAdmin::change(tx, user_id, wanted.change, wanted.role); });
    return true;
  });
  standing_.catch_up();
  return stored(context, user_id);
}

Json WireAdminRoutes::erase(Context& context) {
  const std::string user_id = user_id_of(context);
  refuse_own_account(context, user_id);
  context.service_transaction(
      [&](Transaction& tx) { AccountAdmin::erase(tx, user_id, personal_data_); });
  standing_.catch_up();
  return boost::json::object();
}

}  // namespace calixo::auth
