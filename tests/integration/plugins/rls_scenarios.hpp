// What the matrix test does to each table: one fixture row that belongs to `owner`, and a statement
// for each verb. {owner}, {other}, {friend} are the fixture's people.
#pragma once

#include <string>
#include <vector>

namespace calixo::test {

inline const std::string kOwner = "00000000-0000-4000-8000-000000000001";
inline const std::string kOther = "00000000-0000-4000-8000-000000000002";
inline const std::string kModerator = "00000000-0000-4000-8000-000000000003";
inline const std::string kAdmin = "00000000-0000-4000-8000-000000000004";
inline const std::string kFriend = "00000000-0000-4000-8000-000000000005";

struct Scenario {
  std::string name;    // "profiles", or "profiles:private" for the same table in another state
  std::string plugin;  // whose runtime role runs the statements
  std::string row;     // condition that finds the owner's row
  std::string insert;  // a further row in the owner's name
  std::string update;  // assignments
  std::string columns = "*";       // what select reads
  std::string before = "";         // makes the state of the name; as superuser
  std::string before_insert = "";  // makes room for the insert; as superuser

  std::string table() const { return name.substr(0, name.find(':')); }
};

inline const std::string kFixture = R"(
insert into users (id, email, password_hash)
  select id::uuid, 'person' || n || '@calixo.test', 'hash'
  from unnest(array['{owner}', '{other}', '{moderator}', '{admin}', '{friend}'])
       with ordinality as people (id, n);
insert into profiles (user_id) select id from users;
insert into admin_users values ('{owner}', 'MODERATOR');
insert into sessions (id, user_id) values ('{owner}', '{owner}');
insert into refresh_tokens (user_id, session_id, token_hash, child_secret)
  values ('{owner}', '{owner}', sha256('a'), sha256('b'));
insert into auth_signing_keys (kid, algorithm, private_key) values ('fixture-key', 'ES256', '\x00');
insert into auth_setup_steps values ('fixture');
insert into identities (user_id, provider, provider_id) values ('{owner}', 'google', '1');
insert into flow_states (method, expires_at) values ('oauth', now() + interval '1 hour');
insert into one_time_tokens (user_id, purpose, email, token_hash, code_hash, expires_at)
  values ('{owner}', 'recovery', 'a@calixo.test', sha256('a'), sha256('b'), now());
insert into mail_orders (recipient_hash, purpose, order_id)
  values (sha256('a'), 'recovery', '{owner}');
insert into mfa_factors (id, user_id, friendly_name, secret)
  values ('{owner}', '{owner}', 'phone', sha256('a'));
insert into mfa_challenges (factor_id, expires_at) values ('{owner}', now());
insert into auth_rate_limits values (sha256('a'), 7, now());
insert into auth_imports values (sha256('a'), '{owner}');
insert into auth_changes (user_id, app_role) values ('{owner}', 'premium');
insert into config values ('fixture.limit', '1');
insert into user_challenges (user_id, challenge_id) select '{owner}', min(id) from challenges;
insert into streaks (user_id) values ('{owner}');
insert into focus_sessions (user_id, user_challenge_id, started_at, last_heartbeat_at)
  select '{owner}', id, now(), now() from user_challenges;
insert into focus_days (user_id, local_date) values ('{owner}', '2026-01-31');
insert into social_sessions (inviter_id, invitee_id, challenge_id)
  select '{owner}', '{friend}', min(id) from challenges;
insert into followers values ('{owner}', '{friend}');
insert into feed_items (user_id, user_challenge_id, note)
  select '{owner}', id, 'done' from user_challenges;
insert into avatar_customizations (user_id, category, item_id) values ('{owner}', 'hat', 'beret');
insert into store_items (slug, name, name_en, price) values ('fixture', 'Beret', 'Beret', 10);
insert into ledger_accounts (user_id, kind) values ('{owner}', 'spendable'), ('{owner}', 'held');
insert into transactions (transfer_id, account_id, user_id, amount, reason, source)
  select 1, id, user_id, 5, 'fixture', 'fixture:1' from ledger_accounts where kind = 'spendable'
  union all select 1, 1, null, -5, 'fixture', null;
insert into ledger_holds (user_id, spendable_id, held_id, amount, reason, source)
  select user_id, min(id), max(id), 1, 'fixture', 'fixture:2' from ledger_accounts group by user_id;
insert into ledger_adjustments (user_id, amount, note, transfer_id) values ('{owner}', 5, 'why', 1);
insert into purchases (user_id, recipient_id, is_gift, item_id, price, transfer_id)
  select '{owner}', '{owner}', false, id, price, 1 from store_items where slug = 'moss';
insert into avatars (user_id, energy) values ('{owner}', 100000);
insert into avatar_feedings values ('{owner}', 'attempt:1', 1, 1);
insert into subscriptions (user_id, status) values ('{owner}', 'active');
insert into coupons (code, discount_percent) values ('CALMA', 10);
insert into coupon_redemptions (user_id, coupon_id, sold_for)
  select '{owner}', id, 'purchase:1' from coupons where code = 'CALMA';
insert into coupon_holds
  select id, '{owner}', 'cs_1', now() from coupons where code = 'CALMA';
insert into coupons (code, discount_percent) values ('SIESTA', 10);
insert into stripe_events (id, type, is_live, created_at, body)
  values ('evt_1', 'invoice.paid', false, now(), '{}');
insert into stripe_customers values ('cus_1', '{owner}', 1);
insert into stripe_cancellations values ('sub_1');
insert into stripe_payments (id, kind, customer_id) values ('in_1', 'invoice', 'cus_1');
insert into notifications (user_id, type) values ('{owner}', 'system');
)";

inline const std::string kOwnersRow = "user_id = '{owner}'";
inline const std::string kPrivate =
    "update profiles set is_private = true where user_id = '{owner}'";

inline std::vector<Scenario> host_scenarios() {
  return {
      {"config", "host", "key = 'fixture.limit'", "insert into config values ('fixture.new', '1')",
       "value = '2'"},
      {"calixo_migrations", "host", "plugin = 'auth' and number = 1",
       "insert into calixo_migrations (plugin, number, name, sha256, took_ms) "
       "values ('auth', 999, '0999_x.sql', repeat('0', 64), 1)",
       "name = 'changed'"},
      {"calixo_grants", "host", "plugin = 'fixture'",
       "insert into calixo_grants values ('fixture', 'users', 'select', '', 'nobody')",
       "columns = 'id'"},
  };
}

inline std::vector<Scenario> work_scenarios() {
  const std::string event =
      "insert into outbox_events (topic, key, payload, publisher) "
      "values ('fixture', '', '{}', 'store')";
  const std::string delivery =
      "insert into outbox_deliveries (event_id, subscriber, key) "
      "select max(id), 'store/fixture', '' from outbox_events";
  const std::string job =
      "insert into jobs (name, payload, run_at, due_at) "
      "values ('store/fixture', '{}', now(), now())";
  const std::string key =
      "insert into idempotency_keys (key_hash, fingerprint, sealed_answer, expires_at) "
      "values (sha256('a'), sha256('b'), '', now())";
  return {
      {"idempotency_keys", "host", "key_hash = sha256('a')", key, "expires_at = now()", "*", key,
       "delete from idempotency_keys"},
      {"outbox_subscribers", "host", "name = 'store/fixture'",
       "insert into outbox_subscribers (name, topic) values ('store/new', 'fixture')",
       "seen_at = now()", "*",
       "insert into outbox_subscribers (name, topic) values ('store/fixture', 'fixture')"},
      {"outbox_events", "host", "topic = 'fixture'", event, "key = 'changed'", "*", event},
      {"outbox_deliveries", "host", "subscriber = 'store/fixture'", delivery, "due_at = now()", "*",
       event + "; " + delivery, "delete from outbox_deliveries"},
      {"jobs", "host", "name = 'store/fixture'", job, "due_at = now()", "*", job},
      {"job_schedules", "host", "name = 'store/fixture'",
       "insert into job_schedules values ('store/new', 1000, now())", "every_ms = 2000", "*",
       "insert into job_schedules values ('store/fixture', 1000, now())"},
  };
}

inline std::vector<Scenario> auth_scenarios() {
  return {
      {"users", "auth", "id = '{owner}'",
       "insert into users (email, password_hash) values ('new@calixo.test', 'hash')",
       "password_hash = 'changed'", "id, email"},
      {"profiles", "auth", kOwnersRow, "insert into profiles (user_id) values ('{owner}')",
       "display_name = 'Nombre'", "*", "", "delete from profiles where user_id = '{owner}'"},
      {"profiles:private", "auth", kOwnersRow, "insert into profiles (user_id) values ('{owner}')",
       "is_private = false", "*", kPrivate, "delete from profiles where user_id = '{owner}'"},
      {"admin_users", "auth", kOwnersRow,
       "insert into admin_users (user_id, role) values ('{owner}', 'ADMIN')", "role = 'ADMIN'", "*",
       "", "delete from admin_users"},
      {"sessions", "auth", kOwnersRow, "insert into sessions (user_id) values ('{owner}')",
       "aal = 'aal2'"},
      {"refresh_tokens", "auth", kOwnersRow,
       "insert into refresh_tokens (user_id, session_id, token_hash, child_secret) "
       "values ('{owner}', '{owner}', sha256('c'), sha256('d'))",
       "replaced_at = now()", "*", "", "delete from refresh_tokens"},
      {"auth_signing_keys", "auth", "kid = 'fixture-key'",
       "insert into auth_signing_keys (kid, algorithm, private_key) "
       "values ('another-key', 'ES256', '\\x00')",
       "is_active = false", "*", "", "delete from auth_signing_keys"},
      {"auth_setup_steps", "auth", "step = 'fixture'",
       "insert into auth_setup_steps values ('new')", "done_at = now()"},
  };
}

inline std::vector<Scenario> identity_scenarios() {
  return {
      {"identities", "auth", kOwnersRow,
       "insert into identities (user_id, provider, provider_id) values ('{owner}', 'apple', '1')",
       "identity_data = '{}'"},
      {"flow_states", "auth", "method = 'oauth'",
       "insert into flow_states (method, expires_at) values ('recovery', now())",
       "expires_at = now()"},
      {"one_time_tokens", "auth", kOwnersRow,
       "insert into one_time_tokens (user_id, purpose, email, token_hash, code_hash, expires_at) "
       "values ('{owner}', 'signup', 'a@calixo.test', sha256('c'), sha256('d'), now())",
       "attempts = 0"},
      {"mail_orders", "auth", "order_id = '{owner}'",
       "insert into mail_orders (recipient_hash, purpose, order_id) "
       "values (sha256('b'), 'recovery', '{other}')",
       "ordered_at = now()"},
      {"mfa_factors", "auth", kOwnersRow,
       "insert into mfa_factors (user_id, secret) values ('{owner}', sha256('a'))",
       "status = 'verified'", "id, status"},
      {"auth_changes", "auth", "user_id = '{owner}' and app_role = 'premium'",
       "insert into auth_changes (user_id, app_role) values ('{owner}', 'admin')",
       "app_role = 'admin'"},
      {"auth_changes:ended", "auth", "user_id = '{owner}' and session_id is not null",
       "insert into auth_changes (user_id, session_id, is_revoked) "
       "values ('{owner}', '{owner}', true)",
       "app_role = 'admin'", "*",
       "insert into auth_changes (user_id, session_id, is_revoked) "
       "values ('{owner}', '{friend}', true)"},
      {"auth_rate_limits", "auth", "hits = 7",
       "insert into auth_rate_limits values (sha256('b'), 1, now())", "hits = 8"},
      {"auth_imports", "auth", "source_hash = sha256('a')",
       "insert into auth_imports values (sha256('b'), '{owner}')", "last_id = '{other}'"},
      {"mfa_challenges", "auth", "factor_id = '{owner}'",
       "insert into mfa_challenges (factor_id, expires_at) values ('{owner}', now())",
       "attempts = 0"},
  };
}

inline std::vector<Scenario> challenges_scenarios() {
  const std::string new_challenge =
      "insert into challenges (slug, type, title, title_en, reward) "
      "values ('new', 'daily', 'Nuevo', 'New', 1)";
  const std::string new_attempt =
      "insert into user_challenges (user_id, challenge_id) "
      "select '{owner}', max(id) from challenges";
  return {
      {"challenges", "challenges", "slug = 'sunset-live'", new_challenge, "reward = 99"},
      {"challenges:retired", "challenges", "slug = 'sunset-live'", new_challenge, "reward = 99",
       "*", "update challenges set is_active = false where slug = 'sunset-live'"},
      {"challenges:retired_taken_up", "challenges", "slug = 'sunset-live'", new_challenge,
       "reward = 99", "*",
       "update challenges set is_active = false where slug = 'sunset-live'; "
       "insert into user_challenges (user_id, challenge_id) "
       "select '{owner}', id from challenges where slug = 'sunset-live'"},
      {"user_challenges", "challenges", kOwnersRow, new_attempt,
       "status = 'completed', completed_at = now()"},
      {"user_challenges:completed", "challenges", kOwnersRow, new_attempt,
       "status = 'failed', completed_at = null", "*",
       "update user_challenges set status = 'completed', completed_at = now()"},
      {"user_challenges:reopened", "challenges", kOwnersRow, new_attempt, "status = 'pending'"},
      {"user_challenges:given_up", "challenges", kOwnersRow, new_attempt, "status = 'failed'"},
      {"user_challenges:review", "challenges", kOwnersRow, new_attempt, "status = 'failed'", "*",
       "update user_challenges set status = 'review'"},
      {"streaks", "challenges", kOwnersRow, "insert into streaks (user_id) values ('{owner}')",
       "completions_count = 0", "*", "", "delete from streaks"},
      {"focus_sessions", "challenges", kOwnersRow,
       "insert into focus_sessions (user_id, user_challenge_id, started_at, last_heartbeat_at) "
       "values ('{owner}', {attempt}, now(), now())",
       "duration = 3600", "*", "", "delete from focus_sessions"},
      {"focus_days", "challenges", kOwnersRow,
       "insert into focus_days (user_id, local_date) values ('{owner}', '2026-02-01')",
       "credited_seconds = 3600"},
  };
}

inline std::vector<Scenario> social_scenarios() {
  const std::string post =
      "insert into feed_items (user_id, user_challenge_id) values ('{owner}', {attempt})";
  const std::string follow =
      "insert into followers (follower_id, following_id) values ('{owner}', '{admin}')";
  const std::string tie = "follower_id = '{owner}' and following_id = '{friend}'";
  return {
      {"social_sessions", "social", "inviter_id = '{owner}'",
       "insert into social_sessions (inviter_id, invitee_id, challenge_id) "
       "values ('{owner}', '{friend}', {challenge})",
       "accepted_at = now()"},
      {"followers", "social", tie, follow, "followed_at = now()"},
      {"followers:private", "social", tie, follow, "followed_at = now()", "*", kPrivate},
      {"feed_items", "social", kOwnersRow, post, "note = 'edited'"},
      {"feed_items:private", "social", kOwnersRow, post, "note = 'edited'", "*", kPrivate},
      {"feed_items:private_followed", "social", kOwnersRow, post, "note = 'edited'", "*",
       kPrivate + "; insert into followers values ('{other}', '{owner}')"},
  };
}

inline std::vector<Scenario> store_scenarios() {
  const std::string new_item =
      "insert into store_items (slug, name, name_en, price) values ('new', 'Bufanda', 'Scarf', 5)";
  const std::string retire = "update store_items set is_active = false";
  const std::string bought =
      "insert into purchases (user_id, recipient_id, is_gift, item_id, price, transfer_id) "
      "select '{owner}', '{owner}', false, id, price, 2 from store_items where slug = 'fixture'";
  const std::string given = "update purchases set recipient_id = '{other}', is_gift = true";
  return {
      {"store_items", "store", "slug = 'fixture'", new_item, "price = 0"},
      {"store_items:retired", "store", "slug = 'fixture'", new_item, "price = 0", "*", retire},
      {"store_items:retired_bought", "store", "slug = 'fixture'", new_item, "price = 0", "*",
       retire + "; " + bought},
      {"transactions", "store", kOwnersRow,
       "insert into transactions (transfer_id, account_id, user_id, amount, reason, source) "
       "select 2, id, user_id, 5, 'new', 'new:1' from ledger_accounts where kind = 'spendable' "
       "union all select 2, 1, null, -5, 'new', null",
       "amount = 1000"},
      {"ledger_accounts", "store", kOwnersRow,
       "insert into ledger_accounts (user_id) values ('{friend}')", "balance = 1000"},
      {"ledger_holds", "store", kOwnersRow,
       "insert into ledger_holds (user_id, spendable_id, held_id, amount, reason, source) "
       "select user_id, min(id), max(id), 1, 'new', 'new:1' from ledger_accounts group by user_id",
       "status = 'released', settled_at = now()"},
      {"ledger_adjustments", "store", kOwnersRow,
       "insert into ledger_adjustments (user_id, amount, note, transfer_id) "
       "values ('{owner}', 5, 'why', 2)",
       "note = ''"},
      {"purchases", "store", kOwnersRow, bought, "status = 'refunded', refunded_at = now()"},
      {"purchases:given", "store", kOwnersRow, bought, "status = 'refunded', refunded_at = now()",
       "*", given},
  };
}

inline std::vector<Scenario> avatar_scenarios() {
  const std::string wear =
      "insert into avatar_customizations (user_id, category, item_id) "
      "values ('{owner}', 'hat', 'crown')";
  const std::string put_on =
      "update avatar_customizations set equipped = true where user_id = '{owner}'";
  const std::string new_avatar = "insert into avatars (user_id, energy) values ('{owner}', 1)";
  const std::string no_avatar = "delete from avatars";
  return {
      {"avatar_items", "avatar", "item_id = 'gold'",
       "insert into avatar_items (category, item_id, name, name_en) "
       "values ('hat', 'fez', 'Fez', 'Fez')",
       "unlock_streak = 1"},
      {"avatars", "avatar", kOwnersRow, new_avatar, "energy = 100", "*", "", no_avatar},
      {"avatars:private", "avatar", kOwnersRow, new_avatar, "energy = 100", "*", kPrivate,
       no_avatar},
      {"avatar_feedings", "avatar", kOwnersRow,
       "insert into avatar_feedings values ('{owner}', 'attempt:2', 1, 1)", "energy = 100"},
      {"avatar_customizations", "avatar", kOwnersRow, wear, "equipped = true"},
      {"avatar_customizations:equipped", "avatar", kOwnersRow, wear, "equipped = false", "*",
       put_on},
      {"avatar_customizations:equipped_private", "avatar", kOwnersRow, wear, "equipped = false",
       "*", put_on + "; " + kPrivate},
  };
}

inline std::vector<Scenario> billing_scenarios() {
  return {
      {"subscriptions", "billing", kOwnersRow,
       "insert into subscriptions (user_id, status) values ('{owner}', 'active')",
       "status = 'active'"},
      {"subscriptions:unlinked", "billing", "status = 'active'",
       "insert into subscriptions (status) values ('active')", "user_id = '{owner}'", "*",
       "update subscriptions set user_id = null"},
      {"coupons", "billing", "code = 'SIESTA'",
       "insert into coupons (code, discount_percent) values ('GRATIS', 100)",
       "discount_percent = 100"},
      {"coupon_redemptions", "billing", kOwnersRow,
       "insert into coupon_redemptions (user_id, coupon_id, sold_for) "
       "select '{owner}', 1, 'purchase:2'",
       "sold_for = 'purchase:3'"},
      {"coupon_holds", "billing", kOwnersRow,
       "insert into coupon_holds values (2, '{owner}', 'cs_2', now())", "held_until = now()"},
      {"stripe_events", "billing", "id = 'evt_1'",
       "insert into stripe_events (id, type, is_live, created_at, body) "
       "values ('evt_2', 'invoice.paid', false, now(), '{}')",
       "body = ''"},
      {"stripe_customers", "billing", kOwnersRow,
       "insert into stripe_customers values ('cus_2', '{owner}', 1)", "linked_s = 0"},
      {"stripe_cancellations", "billing", "subscription_id = 'sub_1'",
       "insert into stripe_cancellations values ('sub_2')", "ordered_at = now()"},
      {"stripe_payments", "billing", "customer_id = 'cus_1'",
       "insert into stripe_payments (id, kind, customer_id) values ('in_2', 'invoice', 'cus_1')",
       "amount = 0"},
  };
}

inline std::vector<Scenario> other_scenarios() {
  return {
      {"notifications", "notifications", kOwnersRow,
       "insert into notifications (user_id, type) values ('{owner}', 'reward')", "seen = true"},
  };
}

inline std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all;
  for (auto& part : {host_scenarios(), work_scenarios(), auth_scenarios(), identity_scenarios(),
                     challenges_scenarios(), social_scenarios(), store_scenarios(),
                     avatar_scenarios(), billing_scenarios(), other_scenarios()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace calixo::test
