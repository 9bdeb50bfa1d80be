// Jobs: work that is done later, or once an interval, by whichever process comes to it first.
//
//   auto expire = plugin.job<Expiry>("expire_attempt", &expire_attempt);
//   expire.enqueue(tx, {attempt_id}, {.not_before = deadline});
//
//   plugin.every(std::chrono::hours(24), "forget_old_attempts", &forget);
#pragma once

#include <calixo/detail/work_records.hpp>
#include <calixo/json.hpp>
#include <calixo/transaction.hpp>
#include <calixo/work_context.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace calixo {

// One run. Used by its handler.
class JobContext : public WorkContext {
 public:
  // Made by the SDK, one an attempt.
  JobContext(const detail::Host& host, calixo_tx* tx, const calixo_job_run& run)
      : WorkContext(host, tx, run.attempt), run_(run) {}

  std::int64_t run_id() const { return run_.id; }  // the same at every attempt
  // When it was to run; of plugin.every the beginning of the interval.
  Timestamp run_at() const { return {run_.run_at_us}; }

 private:
  const calixo_job_run& run_;
};

// When a run comes, and which one it is.
struct EnqueueOptions {
  Timestamp not_before = {};  // 0: now
  // While a run with the same key waits or runs, another is not added. Empty: never the same.
  std::string_view unique_key = {};
};

// A job of this plugin. A small value: copy it.
template <detail::Bindable Payload>
class Job {
 public:
  Job() = default;
  // Made by Plugin::job().
  explicit Job(detail::JobRecord& record) : record_(&record) {}

  // With the commit of tx, or never. False: a run with that unique key is there already. Throws
  // DbError (the transaction can then only be rolled back) and HostFailure: CALIXO_LIMIT where the
  // payload is too long. [fiber, suspends]
  bool enqueue(const Transaction& tx, const Payload& payload,
               const EnqueueOptions& options = {}) const {
    return send(tx.handle(), payload, options);
  }
  // With the attempt's success, where it is one transaction; else at once.
  bool enqueue(const WorkContext& attempt, const Payload& payload,
               const EnqueueOptions& options = {}) const {
    return send(attempt.handle(), payload, options);
  }
  // At once, in a transaction of its own.
  bool enqueue(const Payload& payload, const EnqueueOptions& options = {}) const {
    return send(nullptr, payload, options);
  }

 protected:
  detail::JobRecord* record_ = nullptr;  // kept by the plugin

 private:
  bool send(calixo_tx* tx, const Payload& payload, const EnqueueOptions& options) const {
    if (record_ == nullptr) throw std::logic_error("a Job that belongs to no plugin");
    return detail::enqueue(*record_->host, tx, record_->name, options.unique_key, to_json(payload),
                           options.not_before.unix_us);
  }
};

// What is said of a job beside its handler. [startup]
template <class Base>
class JobBuilder : public Base {
 public:
  // Made by Plugin::job() and Plugin::every().
  explicit JobBuilder(detail::JobRecord& record) : Base(record), record_of_(&record) {}

  // Attempts before it is given up; events.attempts_max where it is not said.
  JobBuilder& attempts_max(std::uint32_t attempts) {
    record_of_->attempts_max = attempts;
    return *this;
  }
  // Time for one attempt; events.timeout_ms where it is not said.
  JobBuilder& timeout(std::chrono::milliseconds limit) {
    record_of_->timeout_ms = static_cast<std::uint32_t>(limit.count());
    return *this;
  }
  // An attempt is one transaction, in which it is marked as done as well: its effect is exactly
  // once.
  JobBuilder& in_transaction() {
    record_of_->flags |= CALIXO_JOB_IN_TRANSACTION;
    return *this;
  }
  // Never two runs at once in one process, so that many leave the machine to who waits for an
  // answer; else up to events.concurrency_max.
  JobBuilder& one_at_a_time() {
    record_of_->flags |= CALIXO_JOB_ONE_AT_A_TIME;
    return *this;
  }

 private:
  detail::JobRecord* record_of_;
};

namespace detail {

// plugin.every's: nothing to enqueue.
struct RecurringJob {
  explicit RecurringJob(JobRecord&) {}
};

inline calixo_status JobRecord::run(void* user, const calixo_job_run* run, calixo_tx* tx,
                                    char* error, std::size_t error_size) {
  auto& job = *static_cast<JobRecord*>(user);
  return guarded_attempt(error, error_size, [&] {
    JobContext context(*job.host, tx, *run);
    job.handle(context, view(run->payload));
  });
}

// Reads the payload, then calls the handler.
template <class Payload, class Handler>
auto reading_run(Handler handler) {
  return [handler = std::move(handler)](JobContext& context, std::string_view json) mutable {
    handler(context, read_payload<Payload>(json));
  };
}

}  // namespace detail
}  // namespace calixo
