#include "plugin/work_kinds.hpp"

#include <array>
#include <utility>

#include "log/log.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/exception_of.hpp"
#include "plugin/tx_handle.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kErrorBytesMax = 512;
constexpr std::string_view kNobodysClaims = R"({"role":"anon"})";

Outcome outcome_of(calixo_status status, std::string error) {
  if (status == CALIXO_OK) return {};
  if (error.empty()) error = "it answered status " + std::to_string(status) + " without a reason";
  const auto kind = status == CALIXO_INVALID ? Outcome::Kind::hopeless : Outcome::Kind::failed;
  return {kind, std::move(error)};
}

// Hands the transaction to the plugin for the length of one call: it can't end it.
template <class Call>
Outcome call_plugin(std::unique_ptr<Transaction>& transaction, std::vector<std::string>& signals,
                    Call&& call) {
  calixo_tx lent;
  lent.caller_claims = kNobodysClaims;
  lent.transaction = std::move(transaction);
  std::array<char, kErrorBytesMax> error{};
  calixo_status status = CALIXO_INTERNAL;
  const std::string escaped = exception_of(
      [&] { status = call(lent.transaction ? &lent : nullptr, error.data(), error.size()); });
  error.back() = '\0';
  transaction = std::move(lent.transaction);
  signals = std::move(lent.signals);
  if (lent.was_ended) return {Outcome::Kind::hopeless, "it tried to end the host's transaction"};
  if (!escaped.empty()) return Outcome::failed(escaped);
  return outcome_of(status, error.data());
}

Outcome deliver(const RegisteredSubscription& to, const WorkItem& item,
                std::unique_ptr<Transaction>& transaction, std::vector<std::string>& signals) {
  const calixo_event event{sizeof event,     item.attempt,     item.subject_id,
                           to_abi(to.topic), to_abi(item.key), to_abi(item.payload),
                           item.at_us};
  return call_plugin(transaction, signals, [&](calixo_tx* tx, char* error, std::size_t size) {
    return to.deliver(to.user, &event, tx, error, size);
  });
}

Outcome run(const RegisteredJob& job, const WorkItem& item,
            std::unique_ptr<Transaction>& transaction, std::vector<std::string>& signals) {
  const calixo_job_run one{sizeof one, item.attempt, item.subject_id, to_abi(item.payload),
                           item.at_us};
  return call_plugin(transaction, signals, [&](calixo_tx* tx, char* error, std::size_t size) {
    return job.run(job.user, &one, tx, error, size);
  });
}

// What subscriptions and jobs have in common.
template <class Registered>
WorkKind kind_of(const PluginInstance& plugin, const Registered& registered,
                 const WorkOptions& options) {
  WorkKind kind;
  kind.name = work_name(plugin, registered.name);
  kind.attempts_max = registered.attempts_max != 0 ? registered.attempts_max : options.attempts_max;
  kind.timeout = registered.timeout_ms != 0 ? std::chrono::milliseconds(registered.timeout_ms)
                                            : options.timeout;
  kind.concurrency_max = options.concurrency_max;
  return kind;
}

}  // namespace

std::string work_name(const PluginInstance& plugin, std::string_view name) {
  return plugin.name + "/" + std::string(name);
}

std::vector<WorkKind> subscriptions_of(const std::vector<std::unique_ptr<PluginInstance>>& plugins,
                                       const WorkOptions& options) {
  std::vector<WorkKind> all;
  for (const auto& plugin : plugins) {
    if (plugin->state == PluginState::failed) continue;
    for (const RegisteredSubscription& to : plugin->registrations.subscriptions) {
      WorkKind kind = kind_of(*plugin, to, options);
      kind.topic = kind.signal = to.topic;
      kind.label = plugin->name + " on " + to.topic;
      kind.in_transaction = (to.flags & CALIXO_SUBSCRIPTION_IN_TRANSACTION) != 0;
      kind.run = [&to](const WorkItem& item, std::unique_ptr<Transaction>& transaction,
                       std::vector<std::string>& signals) {
        return deliver(to, item, transaction, signals);
      };
      all.push_back(std::move(kind));
    }
  }
  return all;
}

std::vector<WorkKind> jobs_of(const std::vector<std::unique_ptr<PluginInstance>>& plugins,
                              const WorkOptions& options) {
  std::vector<WorkKind> all;
  for (const auto& plugin : plugins) {
    if (plugin->state == PluginState::failed) continue;
    for (const RegisteredJob& job : plugin->registrations.jobs) {
      WorkKind kind = kind_of(*plugin, job, options);
      kind.signal = kind.name;
      kind.label = plugin->name + " job " + job.name;
      kind.every = std::chrono::milliseconds(job.every_ms);
      kind.in_transaction = (job.flags & CALIXO_JOB_IN_TRANSACTION) != 0;
      if ((job.flags & CALIXO_JOB_ONE_AT_A_TIME) != 0) kind.concurrency_max = 1;
      kind.run = [&job](const WorkItem& item, std::unique_ptr<Transaction>& transaction,
                        std::vector<std::string>& signals) {
        return run(job, item, transaction, signals);
      };
      all.push_back(std::move(kind));
    }
  }
  return all;
}

std::string signal_name(const PluginInstance& plugin, const RegisteredSignal& signal) {
  return "signal:" + work_name(plugin, signal.name);
}

std::vector<EarKind> ears_of(const std::vector<std::unique_ptr<PluginInstance>>& plugins) {
  std::vector<EarKind> all;
  for (const auto& plugin : plugins) {
    if (plugin->state == PluginState::failed) continue;
    for (const RegisteredSignal& signal : plugin->registrations.signals) {
      const std::string label = plugin->name + " signal " + signal.name;
      all.push_back({signal_name(*plugin, signal), label, [&signal, label] {
                       const std::string reason = exception_of([&] { signal.hear(signal.user); });
                       if (reason.empty()) return;
                       log::error("signal not heard", {{"by", label}, {"reason", reason}});
                     }});
    }
  }
  return all;
}

std::string topic_conflict(const std::vector<std::unique_ptr<PluginInstance>>& plugins,
                           const PluginInstance& plugin) {
  for (const auto& other : plugins) {
    if (other.get() == &plugin) break;
    if (other->state == PluginState::failed) continue;
    for (const RegisteredTopic& theirs : other->registrations.topics) {
      for (const RegisteredTopic& own : plugin.registrations.topics) {
        if (own.name == theirs.name) {
          return "topic " + own.name + " is declared by " + other->name + " and by " + plugin.name +
                 "; disable one of them";
        }
      }
    }
  }
  return {};
}

}  // namespace calixo::host
