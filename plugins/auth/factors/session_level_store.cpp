#include "factors/session_level_store.hpp"

namespace calixo::auth {
namespace {

// The latest factor stands first, as clients read the list.
constexpr std::string_view kRaise = R"(
  update sessions
  set aal = 'aal2',
      amr = jsonb_build_array(jsonb_build_object('method', 'totp', 'timestamp', $2::bigint)) ||
            coalesce((select jsonb_agg(m) from jsonb_array_elements(amr) m
                      where m ->> 'method' <> 'totp'), '[]')
  where id = $1)";

constexpr std::string_view kLower = R"(
  update sessions
  set aal = 'aal1',
      amr = coalesce((select jsonb_agg(m) from jsonb_array_elements(amr) m
                      where m ->> 'method' <> 'totp'), '[]')
  where user_id = $1 and aal = 'aal2')";

constexpr std::string_view kEndOthers = R"(
  delete from sessions where user_id = $1 and id <> $2 and aal = 'aal1')";

}  // namespace

std::optional<std::string> session_level(Database& service, std::string_view user_id,
                                         std::string_view session_id) {
  const Rows rows =
      service.query("select aal from sessions where user_id = $1 and id = $2", user_id, session_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("aal");
}

bool raise_session(Transaction& tx, std::string_view session_id, std::int64_t now_s) {
  return tx.execute(kRaise, session_id, now_s) == 1;
}

void lower_sessions(Transaction& tx, std::string_view user_id) { tx.execute(kLower, user_id); }

void end_other_aal1_sessions(Transaction& tx, std::string_view user_id,
                             std::string_view session_id) {
  tx.execute(kEndOthers, user_id, session_id);
}

}  // namespace calixo::auth
