#include "admin/key_store.hpp"

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kKeys = R"(
  select kid, created_at, retired_at,
         case when is_active then 'active' when retired_at is null then 'verifying'
              else 'retired' end as state
  from auth_signing_keys order by created_at desc, kid)";

constexpr std::string_view kRetire = R"(
  update auth_signing_keys set retired_at = now(), private_key = ''
  where kid = $1 and not is_active and retired_at is null)";

constexpr std::string_view kInsert = R"(
  insert into auth_signing_keys (kid, algorithm, private_key) values ($1, 'ES256', $2))";

}  // namespace

std::vector<SigningKey> signing_keys(Database& service) {
  return service.query(kKeys).as<SigningKey>();
}

void replace_active_key(Transaction& tx, const std::string& kid, const std::string& private_key) {
  tx.execute("update auth_signing_keys set is_active = false where is_active");
  tx.execute(kInsert, kid, bytea(private_key));
}

bool retire_key(Database& service, std::string_view kid) {
  return service.execute(kRetire, kid) == 1;
}

}  // namespace calixo::auth
