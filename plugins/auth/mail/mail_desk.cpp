#include "mail/mail_desk.hpp"

#include "encoding.hpp"
#include "mail/mail_store.hpp"
#include "redirects.hpp"

namespace calixo::auth {
namespace {

// Longer than the job goes on trying: a mail that is late still leads back to its client.
constexpr std::int64_t kFlowLifetime_s = 86'400;

OrderMark mark_of(const MailOrder& order) {
  const bool is_of_account = order.purpose == "email_change" && order.user_id;
  const std::string& recipient = is_of_account ? *order.user_id : order.email;
  return {bytea(sha256(recipient)), order.purpose, order.order_id};
}

std::optional<std::string> begin_flow(Context& context, Transaction& tx, const MailWish& wish,
                                      const std::string& redirect_to) {
  const auto challenge = FlowService::checked(context, wish.challenge);
  if (!challenge) return std::nullopt;
  Flow flow;
  flow.id = random_uuid();
  flow.method = "otp";
  flow.code_challenge = challenge->code_challenge;
  flow.code_challenge_method = challenge->code_challenge_method;
  flow.redirect_to = redirect_to;
  Batch batch = tx.batch();
  add_flow(batch, flow, "", kFlowLifetime_s);
  batch.run();
  return flow.id;
}

}  // namespace

void MailDesk::order(Context& context, Transaction& tx, const MailWish& wish) const {
  const RedirectRules rules = redirect_rules(settings_, context);
  MailOrder order;
  order.order_id = random_uuid();
  order.purpose = wish.purpose;
  order.email = wish.email;
  order.user_id = wish.user_id;
  order.language = context.language();
  order.redirect_to = allowed_redirect(rules, wish.redirect_to.value_or(""));
  order.base_url = context.base_url();
  order.site_url = rules.site_url;
  order.makes_account = wish.makes_account;
  order.data = wish.data;
  if (const auto wait_s = note_order(tx, mark_of(order), mail_.interval_s.get())) {
    throw Problem(429, "over_email_send_rate_limit")
        .retry_after_s(static_cast<std::uint32_t>(*wait_s));
  }
  order.flow_id = begin_flow(context, tx, wish, order.redirect_to);
  job_.enqueue(tx, order);
}

void MailDesk::order(Context& context, const MailWish& wish) const {
  context.service_transaction([&](Transaction& tx) { order(context, tx, wish); });
}

void MailDesk::order_again(Transaction& tx, MailOrder order) const {
  order.order_id = random_uuid();
  note_order(tx, mark_of(order), 0);
  job_.enqueue(tx, order);
}

void MailDesk::supersede(Transaction& tx, const std::string& purpose, const std::string& email) {
  MailOrder none;
  none.order_id = random_uuid();
  none.purpose = purpose;
  none.email = email;
  note_order(tx, mark_of(none), 0);
}

bool MailDesk::is_last(Database& service, const MailOrder& order) {
  return is_last_order(service, mark_of(order));
}

}  // namespace calixo::auth
