#include "supabase_source.hpp"

#include <libpq-fe.h>

namespace calixo::auth {
namespace {

constexpr const char* kLayout = R"(
  select to_regclass('auth.users') is not null and to_regclass('auth.identities') is not null)";

constexpr const char* kProfileKey = R"(
  select column_name from information_schema.columns
  where table_schema = 'public' and table_name = 'profiles' and column_name in ('user_id', 'id')
    and data_type = 'uuid'
  order by column_name = 'user_id' desc limit 1)";

constexpr const char* kHasFactors = "select to_regclass('auth.mfa_factors') is not null";

std::string page_sql(const std::string& profile_key, bool has_factors) {
  const std::string profile =
      profile_key.empty()
          ? "null"
          : "(select to_jsonb(p) from public.profiles p where p." + profile_key + " = u.id)";
  const std::string factors = has_factors ? "(select count(*) from auth.mfa_factors f "
                                            "where f.user_id = u.id and f.status = 'verified')"
                                          : "0";
  return "select jsonb_build_object('user', to_jsonb(u), 'profile', " + profile + ", 'factors', " +
         factors + R"(, 'identities', coalesce((
             select jsonb_agg(to_jsonb(i)) from auth.identities i where i.user_id = u.id), '[]'))
           from auth.users u where u.id > $1::uuid order by u.id limit $2::bigint)";
}

}  // namespace

void SupabaseSource::Closer::operator()(PGconn* connection) const { PQfinish(connection); }

SupabaseSource::SupabaseSource(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    // libpq's text may repeat a malformed URL, and so a password.
    const char* host = PQhost(connection_.get());
    throw SourceError("the source's database can't be reached" +
                      (host != nullptr && *host != '\0' ? " at " + std::string(host) : "") +
                      "; correct --from");
  }
  column("set default_transaction_read_only = on");
  require_layout();
}

void SupabaseSource::require_layout() {
  if (column(kLayout).at(0) != "t") {
    throw SourceError(
        "the source has no auth.users and auth.identities: it is no Supabase project");
  }
  const auto keys = column(kProfileKey);
  if (!keys.empty()) profile_key_ = keys.front();
}

std::int64_t SupabaseSource::user_count() {
  return std::stoll(column("select count(*) from auth.users").at(0));
}

std::vector<Json> SupabaseSource::users_after(const std::string& id, std::int64_t count_max) {
  const bool has_factors = column(kHasFactors).at(0) == "t";
  std::vector<Json> users;
  for (const std::string& text :
       column(page_sql(profile_key_, has_factors), {id, std::to_string(count_max)})) {
    users.push_back(parse_json<Json>(text));
  }
  return users;
}

std::vector<std::string> SupabaseSource::column(const std::string& sql,
                                                const std::vector<std::string>& parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                   values.data(), nullptr, nullptr, 0),
      &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw SourceError("the source refused: " + std::string(PQresultErrorMessage(result.get())));
  }
  std::vector<std::string> texts;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    texts.emplace_back(PQgetvalue(result.get(), row, 0),
                       static_cast<std::size_t>(PQgetlength(result.get(), row, 0)));
  }
  return texts;
}

}  // namespace calixo::auth
