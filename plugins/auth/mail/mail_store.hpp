// Orders of mail and whom they concern, in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

// recipient_hash: a digest in bytea's text form.
struct OrderMark {
  std::string recipient_hash;
  std::string purpose;
  std::string order_id;
};

// Makes it the last order for its recipient and purpose, unless there was one within interval_s.
// Then it answers how long to wait, seconds, at least 1.
std::optional<std::int64_t> note_order(Database& service, const OrderMark& mark,
                                       std::int64_t interval_s);
// In a transaction it stays so until that ends.
bool is_last_order(Database& service, const OrderMark& mark);
// Those that no waiting run can need any more.
void forget_old_orders(Database& service);

// An account as far as a mail needs it.
struct Addressee {
  std::string id;
  std::string email;  // empty: none
  std::optional<std::string> new_email;
  bool is_confirmed = false;
  bool is_banned = false;
  std::vector<std::string> email_change_awaits;
  std::string locale;
};
BOOST_DESCRIBE_STRUCT(Addressee, (),
                      (id, email, new_email, is_confirmed, is_banned, email_change_awaits, locale))

// By the account's address, or by the one that it is about to have.
std::optional<Addressee> addressee_by_email(Database& service, std::string_view email);
std::optional<Addressee> addressee_by_new_email(Database& service, std::string_view new_email);
std::optional<Addressee> addressee_by_id(Database& service, std::string_view user_id);

// Notes on the account when a mail of this purpose was made.
void note_sending(Database& service, std::string_view user_id, std::string_view purpose);

}  // namespace calixo::auth
