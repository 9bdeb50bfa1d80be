// calixo.signals/1 over NOTIFY, and calixo.principals/1 over the caches of tokens.
#include <calixo/abi/principals.h>
#include <calixo/abi/signals.h>
#include <calixo/abi/token_verifier.h>

#include <algorithm>
#include <array>
#include <memory>

#include "events/outbox.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/result_handle.hpp"
#include "plugin/tx_handle.hpp"
#include "plugin/work_kinds.hpp"
#include "plugin/work_registering.hpp"

namespace calixo::host {
namespace {

// The sender's own listener hears it as well.
constexpr std::string_view kSend = "select pg_notify('calixo_work', $1)";

// With the transaction's next flush: nobody hears it before the commit anyway.
DbStatus send_in(Transaction& transaction, std::string_view signal) {
  const std::array<std::optional<std::string_view>, 1> values{signal};
  const Statement statement{kSend, values};
  return transaction.run_later(work_context(), {&statement, 1}) ? DbStatus::ok
                                                                : DbStatus::overloaded;
}

DbStatus send_alone(Database& database, std::string_view signal, ResultSet& refused) {
  std::unique_ptr<Transaction> own;
  DbStatus status = database.begin({}, own);
  if (status == DbStatus::ok) status = send_in(*own, signal);
  if (status == DbStatus::ok) status = own->commit(refused);
  return status;
}

calixo_status send(const calixo_host* host, calixo_tx* tx, calixo_str name,
                   calixo_result** failure) {
  if (host == nullptr || failure == nullptr) return CALIXO_INVALID;
  *failure = nullptr;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->database == nullptr) return CALIXO_UNAVAILABLE;
  const RegisteredSignal* const known = find_by_name(plugin.registrations.signals, view(name));
  if (known == nullptr) return CALIXO_NOT_FOUND;
  const std::string signal = signal_name(plugin, *known);
  ResultSet refused;
  const DbStatus status = tx != nullptr ? send_in(*tx->transaction, signal)
                                        : send_alone(*plugin.context->database, signal, refused);
  if (status == DbStatus::sql_error) *failure = new calixo_result{std::move(refused)};
  return to_status(status);
}

bool offers_verifier(const PluginInstance& plugin) {
  const auto& offers = plugin.registrations.offers;
  return std::any_of(offers.begin(), offers.end(), [](const OfferedService& offer) {
    return offer.id == CALIXO_TOKEN_VERIFIER_ID;
  });
}

calixo_status forget(const calixo_host* host, calixo_str id) {
  if (host == nullptr || view(id).empty()) return CALIXO_INVALID;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (!offers_verifier(plugin)) return CALIXO_DENIED;
  plugin.context->principals->forget(view(id));
  return CALIXO_OK;
}

calixo_status forget_all(const calixo_host* host) {
  if (host == nullptr) return CALIXO_INVALID;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (!offers_verifier(plugin)) return CALIXO_DENIED;
  plugin.context->principals->forget_all();
  return CALIXO_OK;
}

}  // namespace

const void* signals_interface() {
  static constexpr calixo_signals_v1 kTable{&declare_signal, &send};
  return &kTable;
}

const void* principals_interface() {
  static constexpr calixo_principals_v1 kTable{&forget, &forget_all};
  return &kTable;
}

}  // namespace calixo::host
