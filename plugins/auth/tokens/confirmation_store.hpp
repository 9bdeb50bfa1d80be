// What mails prove and what changes wait for such a proof, in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account_store.hpp"

namespace calixo::auth {

// Adds an account with its profile and identity. An address that was signed up and never confirmed
// or used gets the new password and data instead: nobody has shown yet that it is theirs. A known
// address changes nothing, and its caller sees no difference.
void add_unconfirmed_account(Transaction& tx, const NewAccount& account);

// The reader of this address owns the account. False: it has another address by now.
bool confirm_address(Transaction& tx, std::string_view user_id, std::string_view email);
// Takes away a password that was set before anybody showed that the address is theirs.
void drop_unproved_password(Transaction& tx, std::string_view user_id);

// Begins a change of address: awaits are the purposes of the tokens that must come back.
void begin_email_change(Transaction& tx, std::string_view user_id, std::string_view new_email,
                        const std::vector<std::string>& awaits);
// Whether a change to this address is under way that still awaits this token.
bool awaits_email_change(Database& service, std::string_view user_id, std::string_view purpose,
                         std::string_view new_email);
void cancel_email_change(Transaction& tx, std::string_view user_id);
// One of those came back from this address. How many are still awaited; nothing where it was not
// awaited (another change was begun meanwhile).
std::optional<std::int64_t> confirm_email_change(Transaction& tx, std::string_view user_id,
                                                 std::string_view purpose, std::string_view email);
// Gives the account its new address and its identity by it. An address that was taken meanwhile
// fails with a unique violation of kEmailConstraint.
void finish_email_change(Transaction& tx, std::string_view user_id);

bool is_address_taken(Database& service, std::string_view email);
std::string password_hash_of(Database& service, std::string_view user_id);  // empty: none

// change: fields over those that are there; removed: fields to take out.
void change_user_data(Database& service, std::string_view user_id, const Json& change,
                      const std::vector<std::string>& removed);

}  // namespace calixo::auth
