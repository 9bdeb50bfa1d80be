// calixo.events/1 and calixo.jobs/1 over the outbox.
#include <calixo/abi/events.h>
#include <calixo/abi/jobs.h>

#include <memory>

#include "events/outbox.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/result_handle.hpp"
#include "plugin/tx_handle.hpp"
#include "plugin/work_kinds.hpp"
#include "plugin/work_registering.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kKeyBytesMax = 200;

// Runs write(transaction) in tx, or where that is NULL in a transaction of its own, and announces
// the signal once it is committed.
template <class Write>
calixo_status write_in(Outbox& outbox, calixo_tx* tx, const std::string& signal,
                       calixo_result** failure, Write&& write) {
  ResultSet refused;
  DbStatus status = DbStatus::ok;
  if (tx != nullptr) {
    status = write(*tx->transaction, refused);
    if (status == DbStatus::ok) tx->signals.push_back(signal);
  } else {
    std::unique_ptr<Transaction> own;
    status = outbox.database().begin({}, own);
    if (status == DbStatus::ok) status = write(*own, refused);
    if (status == DbStatus::ok) status = own->commit(refused);
    if (status == DbStatus::ok) announce(outbox, signal);
  }
  if (status == DbStatus::sql_error) *failure = new calixo_result{std::move(refused)};
  return to_status(status);
}

calixo_status publish(const calixo_host* host, calixo_tx* tx, calixo_str topic, calixo_str key,
                      calixo_str payload, calixo_result** failure) {
  if (host == nullptr || failure == nullptr) return CALIXO_INVALID;
  *failure = nullptr;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->outbox == nullptr) return CALIXO_UNAVAILABLE;
  Outbox& outbox = *plugin.context->outbox;
  if (find_by_name(plugin.registrations.topics, view(topic)) == nullptr) return CALIXO_NOT_FOUND;
  if (payload.size > outbox.options().payload_bytes_max || key.size > kKeyBytesMax) {
    return CALIXO_LIMIT;
  }
  const EventDraft event{view(topic), view(key), view(payload), plugin.name};
  return write_in(outbox, tx, copy(topic), failure, [&](Transaction& transaction, ResultSet&) {
    return Outbox::publish(transaction, event);
  });
}

calixo_status enqueue(const calixo_host* host, calixo_tx* tx, calixo_str name,
                      calixo_str unique_key, calixo_str payload, std::int64_t run_at_us,
                      calixo_result** failure) {
  if (host == nullptr || failure == nullptr) return CALIXO_INVALID;
  *failure = nullptr;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->outbox == nullptr) return CALIXO_UNAVAILABLE;
  Outbox& outbox = *plugin.context->outbox;
  const RegisteredJob* const job = find_by_name(plugin.registrations.jobs, view(name));
  if (job == nullptr) return CALIXO_NOT_FOUND;
  if (payload.size > outbox.options().payload_bytes_max || unique_key.size > kKeyBytesMax) {
    return CALIXO_LIMIT;
  }
  const std::string stored_name = work_name(plugin, job->name);
  const RunDraft run{stored_name, view(unique_key), view(payload), run_at_us};
  bool is_new = false;
  const calixo_status status =
      write_in(outbox, tx, stored_name, failure, [&](Transaction& transaction, ResultSet& why) {
        return outbox.enqueue(transaction, run, is_new, why);
      });
  return status == CALIXO_OK && !is_new ? CALIXO_CONFLICT : status;
}

}  // namespace

const void* events_interface() {
  static constexpr calixo_events_v1 kTable{&declare_topic, &subscribe, &publish};
  return &kTable;
}

const void* jobs_interface() {
  static constexpr calixo_jobs_v1 kTable{&declare_job, &enqueue};
  return &kTable;
}

}  // namespace calixo::host
