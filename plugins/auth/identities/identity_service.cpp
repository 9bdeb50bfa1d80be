#include "identity_service.hpp"

#include <algorithm>

#include "encoding.hpp"
#include "identity_store.hpp"

namespace calixo::auth {
namespace {

// Two first visits at once: each may find what the other has made meanwhile.
constexpr int kTriesMax = 3;
constexpr std::size_t kDisplayNameMax = 60;

Identity identity_of(const ProviderPerson& person, const std::string& issuer, Timestamp now) {
  Identity identity;
  identity.identity_id = random_uuid();
  identity.id = person.subject;
  identity.identity_data = identity_data_of(person, issuer);
  identity.provider = person.provider;
  identity.last_sign_in_at = now;
  return identity;
}

bool is_taken(const DbError& error) {
  return error.is_unique_violation() &&
         (error.constraint() == kIdentityConstraint || error.constraint() == kEmailConstraint);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

void add(Database& db, Identity identity, const std::string& user_id) {
  identity.user_id = user_id;
  Batch batch = db.batch();
  add_identity(batch, identity);
  batch.run();
}

}  // namespace

NewAccount IdentityService::new_account(Context& context, Database& db,
                                        const ProviderPerson& person, Identity identity) const {
  require(settings_.sign_up_enabled.get(), Problem(422, "signup_disabled"));
  NewAccount account;
  account.id = identity.user_id = random_uuid();
  // An address that the provider has not verified, or that somebody else has not yet, is the
  // identity's and not the account's: it would let in whoever proves it later.
  if (person.is_email_verified && !is_email_taken(db, *person.email)) {
    account.email = *person.email;
    account.is_confirmed = true;
  }
  account.user_metadata = identity.identity_data;
  if (!person.name.empty() && code_points(person.name) <= kDisplayNameMax) {
    account.display_name = person.name;
  }
  account.locale = context.language();
  account.identity = std::move(identity);
  return account;
}

std::string IdentityService::find_or_make(Context& context, Database& db,
                                          const ProviderPerson& person,
                                          const Identity& identity) const {
  for (int tries = 1;; ++tries) {
    const auto owner =
        owner_of_identity(db, person.provider, person.subject, identity.identity_data);
    if (owner) return *owner;
    try {
      if (person.is_email_verified) {
        if (const auto known = owner_of_confirmed_email(db, *person.email)) {
          add(db, identity, *known);
          return *known;
        }
      }
      const NewAccount account = new_account(context, db, person, identity);
      Batch batch = db.batch();
      add_account(batch, account);
      batch.run();
      return account.id;
    } catch (const DbError& error) {
      if (tries == kTriesMax || !is_taken(error)) throw;
    }
  }
}

Account IdentityService::account_of(Context& context, const ProviderPerson& person,
                                    const std::string& issuer) const {
  Database db = context.service_db();
  const std::string user_id =
      find_or_make(context, db, person, identity_of(person, issuer, context.now()));
  return or_fail(account_by_id(db, user_id), Problem(403, "user_not_found"));
}

Account IdentityService::link(Context& context, const std::string& user_id,
                              const ProviderPerson& person, const std::string& issuer) const {
  Database db = context.service_db();
  require(account_by_id(db, user_id).has_value(), Problem(403, "user_not_found"));
  try {
    add(db, identity_of(person, issuer, context.now()), user_id);
  } catch (const DbError& error) {
    if (is_taken(error)) throw Problem(422, "identity_already_exists");
    if (error.is_foreign_key_violation()) throw Problem(403, "user_not_found");
    throw;
  }
  end_anonymity(db, user_id, person.is_email_verified ? *person.email : "");
  return or_fail(account_by_id(db, user_id), Problem(403, "user_not_found"));
}

void IdentityService::unlink(Context& context, const std::string& user_id,
                             const std::string& identity_id) const {
  context.service_transaction([&](Transaction& tx) {
    const auto ids = lock_identities(tx, user_id);
    require(std::find(ids.begin(), ids.end(), identity_id) != ids.end(),
            Problem(422, "identity_not_found"));
    require(ids.size() > 1, Problem(422, "single_identity_not_deletable"));
    remove_identity(tx, identity_id);
  });
}

}  // namespace calixo::auth
