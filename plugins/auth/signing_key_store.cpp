#include "signing_key_store.hpp"

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kKeys = R"(
  select private_key::text as private_key from auth_signing_keys
  where retired_at is null
  order by is_active desc, created_at desc)";

constexpr std::string_view kNeedsFirstAdmin = R"(
  select not exists (select from auth_setup_steps where step = 'first_admin')
     and not exists (select from admin_users) as needs_first_admin)";

constexpr std::string_view kStoreKey = R"(
  insert into auth_signing_keys (kid, algorithm, private_key) values ($1, 'ES256', $2)
  on conflict do nothing)";

}  // namespace

StartState read_start_state(Database& service) {
  const auto rows = service.batch().add(kKeys).add(kNeedsFirstAdmin).run();
  StartState state;
  for (const Row row : rows[0]) {
    state.private_keys.push_back(from_bytea(row.get<std::string_view>("private_key")));
  }
  state.needs_first_admin = rows[1][0].get<bool>("needs_first_admin");
  return state;
}

void store_signing_key(Database& service, const std::string& kid, const std::string& private_key) {
  service.execute(kStoreKey, kid, bytea(private_key));
}

void add_first_admin_mark(Batch& batch) {
  batch.add("insert into auth_setup_steps (step) values ('first_admin')");
}

}  // namespace calixo::auth
