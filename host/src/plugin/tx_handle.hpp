// What a calixo_tx is on the host's side. One fiber uses it.
#pragma once

#include <calixo/abi/db.h>

#include <memory>
#include <string>
#include <vector>

#include "db/ambient_transaction.hpp"
#include "db/database.hpp"
#include "events/outbox.hpp"

struct calixo_tx {
  std::unique_ptr<calixo::host::Transaction> transaction;
  std::string caller_claims;
  std::string caller_id;
  calixo::host::Outbox* outbox = nullptr;  // announces `signals` after the commit
  std::vector<std::string> signals;        // what was published or enqueued in it
  const calixo_host* owner = nullptr;      // the plugin that may end it; null: the host alone
  bool was_ended = false;                  // another tried to
};

namespace calixo::host {

// Once all that it is part of is committed.
inline void announce(Outbox& outbox, const std::string& signal) {
  if (AmbientTransaction* const ambient = AmbientTransaction::current()) {
    ambient->after_commit([signals = outbox.signals(), signal] { signals->announce(signal); });
  } else {
    outbox.signals()->announce(signal);
  }
}

inline void announce(const calixo_tx& committed) {
  if (committed.outbox == nullptr) return;
  for (const std::string& signal : committed.signals) announce(*committed.outbox, signal);
}

}  // namespace calixo::host
