// The fake host's calixo.events/1, calixo.jobs/1, calixo.signals/1, calixo.deferred/1,
// calixo.services/1 and calixo.principals/1.
// Used by one test.
#pragma once

#include <calixo/testing/fake_interfaces.hpp>

#include <stdexcept>

namespace calixo::testing {

inline const calixo_events_v1* Tables::events() {
  static const calixo_events_v1 kTable{
      [](const calixo_host* host, const calixo_topic* topic) {
        of(host).work.topics.push_back(
            {text_of(topic->name), text_of(topic->payload_schema), text_of(topic->description)});
        return of(host).registry_status;
      },
      [](const calixo_host* host, const calixo_subscription* one) {
        of(host).work.subscriptions.push_back({text_of(one->topic), text_of(one->name), one->flags,
                                               one->attempts_max, one->timeout_ms, one->deliver,
                                               one->user});
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_tx* tx, calixo_str topic, calixo_str key,
         calixo_str payload, calixo_result** failure) {
        *failure = nullptr;
        of(host).suspend();
        FakeWork& work = of(host).work;
        const auto own = [&](const auto& known) { return known.name == text_of(topic); };
        if (std::none_of(work.topics.begin(), work.topics.end(), own)) {
          return calixo_status{CALIXO_NOT_FOUND};
        }
        if (work.status != CALIXO_OK) return work.status;
        work.published.push_back(
            {text_of(topic), text_of(key), text_of(payload), tx != nullptr, tx == nullptr});
        return calixo_status{CALIXO_OK};
      }};
  return &kTable;
}

// A unique key is taken as long as the test leaves its run in `enqueued`.
inline const calixo_jobs_v1* Tables::jobs() {
  static const calixo_jobs_v1 kTable{
      [](const calixo_host* host, const calixo_job* job) {
        of(host).work.jobs.push_back({text_of(job->name), text_of(job->payload_schema), job->flags,
                                      job->attempts_max, job->timeout_ms, job->every_ms, job->run,
                                      job->user});
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_tx* tx, calixo_str name, calixo_str unique_key,
         calixo_str payload, std::int64_t run_at_us, calixo_result** failure) {
        *failure = nullptr;
        of(host).suspend();
        FakeWork& work = of(host).work;
        if (work.status != CALIXO_OK) return work.status;
        for (const Enqueued& run : work.enqueued) {
          const bool is_same = run.job == text_of(name) && run.unique_key == text_of(unique_key);
          if (unique_key.size > 0 && is_same) return calixo_status{CALIXO_CONFLICT};
        }
        work.enqueued.push_back({text_of(name), text_of(unique_key), text_of(payload), run_at_us,
                                 tx != nullptr, tx == nullptr});
        return calixo_status{CALIXO_OK};
      }};
  return &kTable;
}

inline const calixo_signals_v1* Tables::signals() {
  static const calixo_signals_v1 kTable{
      [](const calixo_host* host, const calixo_signal* signal) {
        of(host).work.signals.push_back({text_of(signal->name), signal->hear, signal->user});
        return of(host).registry_status;
      },
      [](const calixo_host* host, calixo_tx* tx, calixo_str name, calixo_result** failure) {
        *failure = nullptr;
        of(host).suspend();
        FakeWork& work = of(host).work;
        const auto own = [&](const auto& known) { return known.name == text_of(name); };
        if (std::none_of(work.signals.begin(), work.signals.end(), own)) {
          return calixo_status{CALIXO_NOT_FOUND};
        }
        if (work.status != CALIXO_OK) return work.status;
        work.sent.push_back({text_of(name), tx != nullptr, tx == nullptr});
        return calixo_status{CALIXO_OK};
      }};
  return &kTable;
}

// Answered at once: a scripted failure is the call's own.
inline const calixo_deferred_v1* Tables::deferred() {
  static const calixo_deferred_v1 kTable{[](const calixo_host* host, calixo_tx*, std::uint32_t as,
                                            const calixo_statement* all, std::size_t count) {
    std::vector<calixo_result*> results(count, nullptr);
    FakeDb& db = of(host).db;
    const calixo_status status =
        db.run(as == CALIXO_DB_AS_SERVICE, true, all, count, results.data());
    for (calixo_result* result : results) FakeDb::release(result);
    return status;
  }};
  return &kTable;
}

// Each row is a statement of its own there.
inline const calixo_deferred_rows_v1* Tables::deferred_rows() {
  static const calixo_deferred_rows_v1 kTable{
      [](const calixo_host* host, calixo_tx* tx, std::uint32_t as, const calixo_statement* row) {
        return deferred()->run_later(host, tx, as, row, 1);
      }};
  return &kTable;
}

inline const calixo_services_v1* Tables::services() {
  static const calixo_services_v1 kTable{[](const calixo_host* host, calixo_str id) {
    const auto found = of(host).services_.find(text_of(id));
    return found == of(host).services_.end() ? nullptr : found->second;
  }};
  return &kTable;
}

inline const calixo_principals_v1* Tables::principals() {
  static const calixo_principals_v1 kTable{[](const calixo_host* host, calixo_str id) {
                                             of(host).forgotten.push_back(text_of(id));
                                             return calixo_status{CALIXO_OK};
                                           },
                                           [](const calixo_host* host) {
                                             of(host).forgotten.emplace_back("*");
                                             return calixo_status{CALIXO_OK};
                                           }};
  return &kTable;
}

// Runs one attempt as the host does: in a transaction where it asks for one, committed on success.
template <class Call>
Attempted attempt_on(FakeState& host, const std::string& name, bool is_in_transaction,
                     Call&& call) {
  char error[512] = "";
  auto* const tx = is_in_transaction ? reinterpret_cast<calixo_tx*>(&host) : nullptr;
  if (is_in_transaction) ++host.db.begun;
  const calixo_status status = call(tx, error, sizeof error);
  if (is_in_transaction) {
    ++(status == CALIXO_OK ? host.db.committed : host.db.rolled_back);
    status == CALIXO_OK ? host.work.commit() : host.work.roll_back();
  }
  return {name, status, error};
}

// Hands an event to every subscription of the topic, once; what each did.
inline std::vector<Attempted> deliver_to(FakeState& host, std::string_view topic,
                                         const Delivery& what) {
  using calixo::detail::to_abi;
  std::vector<Attempted> all;
  for (const FakeWork::Subscription& one : host.work.subscriptions) {
    if (one.topic != topic) continue;
    const calixo_event event{sizeof event,     what.attempt,         what.id,   to_abi(one.topic),
                             to_abi(what.key), to_abi(what.payload), what.at_us};
    const bool is_in_transaction = (one.flags & CALIXO_SUBSCRIPTION_IN_TRANSACTION) != 0;
    all.push_back(attempt_on(host, one.name, is_in_transaction,
                             [&](calixo_tx* tx, char* error, std::size_t size) {
                               return one.deliver(one.user, &event, tx, error, size);
                             }));
  }
  return all;
}

// Runs a job, once. Throws std::runtime_error where there is none of that name.
inline Attempted run_job_of(FakeState& host, std::string_view name, const Delivery& what) {
  for (const FakeWork::Job& job : host.work.jobs) {
    if (job.name != name) continue;
    const calixo_job_run run{sizeof run, what.attempt, what.id,
                             calixo::detail::to_abi(what.payload), what.at_us};
    return attempt_on(host, job.name, (job.flags & CALIXO_JOB_IN_TRANSACTION) != 0,
                      [&](calixo_tx* tx, char* error, std::size_t size) {
                        return job.run(job.user, &run, tx, error, size);
                      });
  }
  throw std::runtime_error("no job " + std::string(name));
}

// What the host does at a signal. Throws std::runtime_error where there is none of that name.
inline void hear_on(FakeState& host, std::string_view name) {
  for (const FakeWork::Signal& signal : host.work.signals) {
    if (signal.name == name) return signal.hear(signal.user);
  }
  throw std::runtime_error("no signal " + std::string(name));
}

}  // namespace calixo::testing
