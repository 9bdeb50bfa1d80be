// The ledger's movements in the database: SQL and nothing else. The functions that post stand in
// the migrations; a transfer is written, and its balances moved, by the database alone. Every call
// suspends its fiber and runs as the service, in the transaction of `db`.
#pragma once

#include <calixo/deferred_rows.hpp>
#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::store {

// The other side of a person's movement; the numbers are the accounts' ids.
enum class House : std::int64_t { rewards = 1, sales = 2, adjustments = 3 };

// Between a person's account and the house's, known by (user_id, reason, source, reverses).
struct Posting {
  std::string_view user_id;
  std::int64_t change = 0;  // above 0: paid; below: taken
  House house = House::rewards;
  std::string_view reason, source;
  std::optional<std::int64_t> item_id = std::nullopt;
  bool reverses = false;  // undoes the one with the same reason and source
};

// lacking: there is less than what would be taken; absent: no account to take from.
enum class Outcome { moved, repeated, lacking, absent };
BOOST_DESCRIBE_ENUM(Outcome, moved, repeated, lacking, absent)

struct Moved {
  Outcome outcome = Outcome::moved;
  std::optional<std::int64_t> balance;  // afterwards; nothing where there is no account
};
BOOST_DESCRIBE_STRUCT(Moved, (), (outcome, balance))

struct Held {
  std::optional<std::int64_t> hold;  // nothing where none was made, then or before
  Outcome outcome = Outcome::moved;
};
BOOST_DESCRIBE_STRUCT(Held, (), (hold, outcome))

struct TakenBack {
  std::optional<std::int64_t> paid;  // nothing: it never was
  std::int64_t taken = 0;
};
BOOST_DESCRIBE_STRUCT(TakenBack, (), (paid, taken))

Moved move(Database& db, const Posting& posting);
// Pays a reward with tx's next statement, together with others of it. Whoever is no person shows
// there. [fiber]
void pay_later(const DeferredRows& rows, calixo_tx* tx, const Posting& posting);
TakenBack take_back(Database& db, std::string_view user_id, std::string_view reason,
                    std::string_view source);
Held hold(Database& db, const Posting& posting);
// "open": it ended now; "captured" or "released": before. Nothing where there is no such hold.
std::optional<std::string> settle(Database& db, std::int64_t hold_id, bool captures);
// Nothing for somebody who never had any.
std::optional<std::int64_t> balance_of(Database& db, std::string_view user_id);
bool is_person(Database& db, std::string_view user_id);

// --- statements of account, as the caller, under the policies ---
struct MovedItem {
  std::int32_t id = 0;
  std::string slug;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(MovedItem, (), (id, slug, name))

struct StoreTransaction {
  std::int64_t id = 0;
  std::int64_t amount = 0;
  std::string reason;
  std::string source;
  bool is_reversal = false;
  std::optional<MovedItem> item;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(StoreTransaction, (),
                      (id, amount, reason, source, is_reversal, item, created_at))
CALIXO_RULES(StoreTransaction) {
  rules.at<&StoreTransaction::amount>().describe("Above 0: received; below: spent or set aside");
  rules.at<&StoreTransaction::reason>().describe("What kind: challenge, purchase, adjustment, …");
  rules.at<&StoreTransaction::source>().describe("What for, such as purchase:17");
  rules.at<&StoreTransaction::is_reversal>().describe(
      "Whether it undoes the one with the same reason and source");
}

// Newest first.
std::vector<StoreTransaction> list_transactions(Database& db, std::string_view language,
                                                std::string_view user_id, const Slice& slice);

}  // namespace calixo::store
