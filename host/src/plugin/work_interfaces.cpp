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
  return registering_struct(
      host, "topic", wanted, &calixo_topic::name,
      [](const calixo_topic& topic, Registrations& all) -> std::string {
        const std::string name = copy(topic.name);
        if (!is_name(name)) return kNameRule;
        if (find(all.topics, name) != nullptr) return "it is declared twice";
        all.topics.push_back({name, copy(topic.payload_schema), copy(topic.description)});
        return {};
      });
}

calixo_status subscribe(const calixo_host* host, const calixo_subscription* wanted) {
  return registering_struct(
      host, "subscription", wanted, &calixo_subscription::name,
      [](const calixo_subscription& one, Registrations& all) -> std::string {
        const std::string name = copy(one.name);
        if (!is_name(name)) return kNameRule;
        if (!is_name(view(one.topic))) return "its topic can't be one: " + copy(one.topic);
        if (one.deliver == nullptr) return "it has no function";
        if (find(all.subscriptions, name) != nullptr) return "it is registered twice";
        all.subscriptions.push_back({copy(one.topic), name, one.flags, one.attempts_max,
                                     one.timeout_ms, one.deliver, one.user});
        return {};
      });
}

calixo_status declare_job(const calixo_host* host, const calixo_job* wanted) {
  return registering_struct(
      host, "job", wanted, &calixo_job::name,
      [](const calixo_job& job, Registrations& all) -> std::string {
        const std::string name = copy(job.name);
        if (!is_name(name)) return kNameRule;
        if (job.run == nullptr) return "it has no function";
        if (job.every_ms != 0 && (job.every_ms < kEveryMsMin || job.every_ms > kEveryMsMax)) {
          return "every_ms is not between a second and a year";
        }
        if (find(all.jobs, name) != nullptr) return "it is registered twice";
        all.jobs.push_back({name, copy(job.payload_schema), job.flags, job.attempts_max,
                            job.timeout_ms, job.every_ms, job.run, job.user});
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
  if (host == nullptr || failure == nullptr) return CALIXO_INVALID;
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
  if (host == nullptr || failure == nullptr) return CALIXO_INVALID;
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
  RunDraft run{stored_name, view(unique_key), view(payload), run_at_us, job->attempts_max};
  if (run.attempts_max == 0) run.attempts_max = outbox.options().attempts_max;
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
