// Idempotency-Key: a request that changes something, and is sent again with the same key, is done
// once and answered twice. All that its handler asks of the database is one transaction, and the
// answer is kept by the commit that does it.
//
// - The same key and request: the stored answer, with Idempotency-Replayed: true.
// - The same key, another request: 422 idempotency_key_reused.
// - Two at once: the second waits for the first; past a limit 409 idempotency_key_in_use.
// - An answer of 500 and above, or 429, is not kept, and nothing of its request takes effect.
//
// Keys are the caller's own and live for kKeptHours. One request, on its fiber or worker thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "db/ambient_transaction.hpp"
#include "http/exchange.hpp"
#include "plugin/sealed_answer.hpp"

namespace calixo::host {

// Whether requests of this route may bear a key: they change something, in one piece.
bool takes_idempotency_key(const Route& route);

// The header where this request is one for IdempotentCall; nullptr: it just runs.
const std::string_view* idempotency_key_of(const Exchange& exchange);

class IdempotentCall {
 public:
  static constexpr int kKeptHours = 24;

  IdempotentCall(Database& database, Exchange& exchange, std::string_view key);

  // handler answers the exchange; it may run again where the database asks for it. [fiber,
  // suspends]
  void run(const std::function<void()>& handler);

 private:
  enum class Claim { own, settled, busy };

  void run_claimed(const std::function<void()>& handler, std::unique_ptr<Transaction> whole,
                   bool& is_to_repeat);
  // Begins `whole` and takes the key, waiting while another has it. Answers where it can't be had.
  bool claim(std::unique_ptr<Transaction>& whole);
  Claim try_to_claim(Transaction& whole);
  Claim settle_by_kept(std::string_view fingerprint_hex, std::string_view sealed_hex);
  bool keep_answer(AmbientTransaction& ambient);
  // Nothing took effect: answers why. True where the whole may pass when it is run again.
  bool tell_failure(DbStatus status, const ResultSet& failure);
  void refuse(std::uint16_t status, std::string_view code, std::uint32_t retry_after_s = 0);

  Database& database_;
  Exchange& exchange_;
  const std::string key_;
  const Digest fingerprint_;
  const Digest key_hash_;
  Isolation isolation_ = Isolation::read_committed;
};

}  // namespace calixo::host
