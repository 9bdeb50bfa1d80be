#include "mail/mail_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kNoteOrder = R"(
  insert into mail_orders (recipient_hash, purpose, order_id) values ($1, $2, $3)
  on conflict (recipient_hash, purpose) do update
  set order_id = excluded.order_id, ordered_at = now()
  where $4::bigint = 0
    or mail_orders.ordered_at <= now() - make_interval(secs => $4::bigint::float8))";

constexpr std::string_view kWait = R"(
  select greatest(1, ceil(extract(epoch from
           ordered_at + make_interval(secs => $3::float8) - now())))::bigint as wait_s
  from mail_orders where recipient_hash = $1 and purpose = $2)";

constexpr std::string_view kIsLast = R"(
  select from mail_orders where recipient_hash = $1 and purpose = $2 and order_id = $3)";

// Runs of the job go on for less than a day.
constexpr std::string_view kForget = R"(
  delete from mail_orders where ordered_at < now() - interval '2 days')";

constexpr const char* kAddressee = R"(
  select u.id, coalesce(u.email, '') as email, u.new_email,
         u.email_confirmed_at is not null as is_confirmed,
         coalesce(u.banned_until > now(), false) as is_banned, u.email_change_awaits,
         coalesce(p.locale, 'es') as locale
  from users u left join profiles p on p.user_id = u.id )";

const std::string kByEmail = std::string(kAddressee) + "where u.email = $1";
const std::string kByNewEmail = std::string(kAddressee) + "where u.new_email = $1 limit 1";
const std::string kById = std::string(kAddressee) + "where u.id = $1";

constexpr std::string_view kNoteSending = R"(
  update users set
    confirmation_sent_at = case when $2 in ('signup', 'invite') then now() else confirmation_sent_at end,
    invited_at = case when $2 = 'invite' then now() else invited_at end,
    recovery_sent_at =
      case when $2 in ('recovery', 'magiclink') then now() else recovery_sent_at end,
    reauthentication_sent_at =
      case when $2 = 'reauthentication' then now() else reauthentication_sent_at end,
    email_change_sent_at =
      case when $2 like 'email\_change%' then now() else email_change_sent_at end
  where id = $1)";

}  // namespace

std::optional<std::int64_t> note_order(Database& service, const OrderMark& mark,
                                       std::int64_t interval_s) {
  const auto written =
      service.execute(kNoteOrder, mark.recipient_hash, mark.purpose, mark.order_id, interval_s);
  if (written == 1) return std::nullopt;
  const Rows rows = service.query(kWait, mark.recipient_hash, mark.purpose, interval_s);
  return rows.empty() ? 1 : rows[0].get<std::int64_t>("wait_s");
}

bool is_last_order(Database& service, const OrderMark& mark) {
  return !service.query(kIsLast, mark.recipient_hash, mark.purpose, mark.order_id).empty();
}

void forget_old_orders(Database& service) { service.execute(kForget); }

std::optional<Addressee> addressee_by_email(Database& service, std::string_view email) {
  return service.query(kByEmail, email).first<Addressee>();
}

std::optional<Addressee> addressee_by_new_email(Database& service, std::string_view new_email) {
  return service.query(kByNewEmail, new_email).first<Addressee>();
}

std::optional<Addressee> addressee_by_id(Database& service, std::string_view user_id) {
  return service.query(kById, user_id).first<Addressee>();
}

void note_sending(Database& service, std::string_view user_id, std::string_view purpose) {
  service.execute(kNoteSending, user_id, purpose);
}

}  // namespace calixo::auth
