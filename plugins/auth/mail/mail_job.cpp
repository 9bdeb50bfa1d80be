#include "mail/mail_job.hpp"

#include <algorithm>
#include <chrono>

#include "account_store.hpp"
#include "encoding.hpp"
#include "tokens/link_redirects.hpp"
#include "tokens/token_store.hpp"
#include "user_data.hpp"

namespace calixo::auth {
namespace {

// Some ten hours, with the host's pauses of at most ten minutes.
constexpr std::uint32_t kAttemptsMax = 64;
constexpr std::chrono::minutes kAttemptTime{3};

bool awaits(const Addressee& to, const std::string& purpose) {
  return std::find(to.email_change_awaits.begin(), to.email_change_awaits.end(), purpose) !=
         to.email_change_awaits.end();
}

// Whether the account, as it is now, still has a use for the mail.
bool is_due(const Addressee& to, const MailOrder& order) {
  if (to.is_banned) return false;
  if (order.purpose == token_purpose::signup || order.purpose == token_purpose::invite) {
    return !to.is_confirmed;
  }
  if (order.purpose == token_purpose::email_change_current) {
    return awaits(to, order.purpose) && to.email == order.email;
  }
  if (order.purpose == token_purpose::email_change_new) {
    return awaits(to, order.purpose) && to.new_email == order.email;
  }
  return order.purpose == "email_change" || to.email == order.email;
}

std::string link_of(const MailOrder& order, const OneTimeToken& token) {
  if (order.purpose == token_purpose::reauthentication) return {};
  return verification_link(order.base_url, token.token, type_of(order.purpose), order.redirect_to);
}

}  // namespace

MailJob::MailJob(Plugin& plugin, const Settings& settings, const MailSettings& mail,
                 const TokenSettings& tokens, MailDesk& desk)
    : plugin_(plugin),
      settings_(settings),
      mail_(mail),
      tokens_(tokens),
      desk_(desk),
      sending_(plugin) {
  desk_.use_job(
      plugin
          .job<MailOrder>("send_mail",
                          [this](JobContext& job, const MailOrder& order) { run(job, order); })
          .attempts_max(kAttemptsMax)
          .timeout(kAttemptTime));
  plugin.every(std::chrono::hours(1), "forget_old_mail_orders", [](JobContext& job) {
    Database db = job.db();
    forget_old_orders(db);
  });
  plugin.on_configure([this] { mail_.check(); });
  plugin.on_start([this] { transport_ = make_mail_transport(plugin_, mail_); });
}

void MailJob::forget(Database& service, std::string_view user_id) const {
  const auto to = addressee_by_id(service, user_id);
  if (!to) return;
  const auto transport = make_mail_transport(plugin_, mail_);
  for (const std::string& address : {to->email, to->new_email.value_or("")}) {
    if (!address.empty()) transport->forget(address);
  }
}

void MailJob::run(JobContext& job, const MailOrder& order) {
  Database db = job.db();
  if (!MailDesk::is_last(db, order)) return;
  const auto to = addressee(job, order);
  if (!to || !is_due(*to, order)) return;
  if (order.purpose == "email_change") return order_awaited(job, order, *to);
  const OneTimeToken token =
      make_one_time_token(order.purpose, order.email, order.flow_id.has_value());
  const NewToken kept{to->id,          order.purpose, order.email,       token.token_hash,
                      token.code_hash, order.flow_id, order.redirect_to, tokens_.lifetime_s.get()};
  if (!put_token(db, kept)) return;
  note_sending(db, to->id, order.purpose);
  send(job, order, *to, token);
}

std::optional<Addressee> MailJob::addressee(JobContext& job, const MailOrder& order) const {
  Database db = job.db();
  if (order.user_id) return addressee_by_id(db, *order.user_id);
  if (auto known = addressee_by_email(db, order.email)) return known;
  if (order.purpose == "email_change") return addressee_by_new_email(db, order.email);
  if (!order.makes_account || !settings_.sign_up_enabled.get()) return std::nullopt;
  make_account(db, order, job.now());
  return addressee_by_email(db, order.email);
}

void MailJob::make_account(Database& service, const MailOrder& order, Timestamp now) const {
  NewAccount account;
  account.id = random_uuid();
  account.email = order.email;
  account.user_metadata = order.data ? *order.data : Json(boost::json::object());
  account.display_name = display_name_of(account.user_metadata);
  account.locale = order.language;
  account.identity = email_identity(account.id, account.email, false, now);
  Batch batch = service.batch();
  add_account(batch, account);
  try {
    batch.run();
  } catch (const DbError& error) {
    if (!error.is_unique_violation()) throw;  // else somebody signed up meanwhile
  }
}

void MailJob::order_awaited(JobContext& job, const MailOrder& order, const Addressee& to) const {
  job.transaction([&](Transaction& tx) {
    for (const std::string& purpose : to.email_change_awaits) {
      MailOrder one = order;
      one.purpose = purpose;
      one.user_id = to.id;
      one.email = purpose == token_purpose::email_change_new ? to.new_email.value_or("") : to.email;
      desk_.order_again(tx, one);
    }
  });
}

void MailJob::send(JobContext& job, const MailOrder& order, const Addressee& to,
                   const OneTimeToken& token) {
  const std::string link = link_of(order, token);
  const MailValues values{link, token.code, to.email, to.new_email.value_or(""), order.site_url};
  const std::string from = mail_.from.get();
  const std::string templates = mail_.templates_folder.get();
  const auto guard = sending_.lock();
  job.run_blocking([&] {
    const MailText text = text_of(templates, type_of(order.purpose), to.locale);
    transport_->send({from, order.email, with_values(text, values)}, link);
  });
}

}  // namespace calixo::auth
