// calixo.events/1 and calixo.jobs/1 over the outbox.
#include <calixo/abi/events.h>
#include <calixo/abi/jobs.h>

#include <algorithm>
#include <memory>

#include "events/outbox.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/registering.hpp"
#include "plugin/result_handle.hpp"
#include "plugin/tx_handle.hpp"
#include "plugin/work_kinds.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kNameBytesMax = 100;
constexpr std::size_t kKeyBytesMax = 200;
constexpr std::uint64_t kEveryMsMin = 1'000;
constexpr std::uint64_t kEveryMsMax = 366ull * 24 * 3600 * 1000;

// Words of a-z, 0-9 and '_', joined by single dots.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name.back() == '.') return false;
  bool is_after_dot = true;
  for (const char letter : name) {
    const bool is_dot = letter == '.';
    const bool is_word =
        (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (!is_word && !(is_dot && !is_after_dot)) return false;
    is_after_dot = is_dot;
  }
  return true;
}

constexpr const char* kNameRule =
    "the name has to be words of a-z, 0-9 and '_', joined by dots, of at most 100 bytes";

template <class Registered>
const Registered* find(const std::vector<Registered>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

calixo_status declare_topic(const calixo_host* host, const calixo_topic* wanted) {
  const std::string name = copy(wanted->name);
  return registering(host, "topic " + name, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_topic)) return "struct_size is too small";
    if (!is_name(name)) return kNameRule;
    if (find(all.topics, name) != nullptr) return "it is declared twice";
    all.topics.push_back({name, copy(wanted->payload_schema), copy(wanted->description)});
    return {};
  });
}

calixo_status subscribe(const calixo_host* host, const calixo_subscription* wanted) {
  const std::string name = copy(wanted->name);
  return registering(host, "subscription " + name, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_subscription)) return "struct_size is too small";
    if (!is_name(name)) return kNameRule;
    if (!is_name(view(wanted->topic))) return "its topic can't be one: " + copy(wanted->topic);
    if (wanted->deliver == nullptr) return "it has no function";
    if (find(all.subscriptions, name) != nullptr) return "it is registered twice";
    all.subscriptions.push_back({copy(wanted->topic), name, wanted->flags, wanted->attempts_max,
                                 wanted->timeout_ms, wanted->deliver, wanted->user});
    return {};
  });
}

calixo_status declare_job(const calixo_host* host, const calixo_job* wanted) {
  const std::string name = copy(wanted->name);
  return registering(host, "job " + name, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_job)) return "struct_size is too small";
    if (!is_name(name)) return kNameRule;
    if (wanted->run == nullptr) return "it has no function";
    if (wanted->every_ms != 0 && (wanted->every_ms < kEveryMsMin || wanted->every_ms > kEveryMsMax))
      return "every_ms is not between a second and a year";
    if (find(all.jobs, name) != nullptr) return "it is registered twice";
    all.jobs.push_back({name, copy(wanted->payload_schema), wanted->flags, wanted->attempts_max,
                        wanted->timeout_ms, wanted->every_ms, wanted->run, wanted->user});
    return {};
  });
}

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
    if (status == DbStatus::ok) outbox.signals()->announce(signal);
  }
  if (status == DbStatus::sql_error) *failure = new calixo_result{std::move(refused)};
  return to_status(status);
}

calixo_status publish(const calixo_host* host, calixo_tx* tx, calixo_str topic, calixo_str key,
                      calixo_str payload, calixo_result** failure) {
  *failure = nullptr;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->outbox == nullptr) return CALIXO_UNAVAILABLE;
  Outbox& outbox = *plugin.context->outbox;
  if (find(plugin.registrations.topics, view(topic)) == nullptr) return CALIXO_NOT_FOUND;
  if (payload.size > outbox.options().payload_bytes_max || key.size > kKeyBytesMax) {
    return CALIXO_LIMIT;
  }
  const EventDraft event{view(topic), view(key), view(payload), plugin.name};
  return write_in(outbox, tx, copy(topic), failure, [&](Transaction& transaction, ResultSet& why) {
    return outbox.publish(transaction, event, why);
  });
}

calixo_status enqueue(const calixo_host* host, calixo_tx* tx, calixo_str name,
                      calixo_str unique_key, calixo_str payload, std::int64_t run_at_us,
                      calixo_result** failure) {
  *failure = nullptr;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->outbox == nullptr) return CALIXO_UNAVAILABLE;
  Outbox& outbox = *plugin.context->outbox;
  const RegisteredJob* const job = find(plugin.registrations.jobs, view(name));
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
