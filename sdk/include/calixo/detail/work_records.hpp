// Topics, subscriptions and jobs as a plugin said them, their registration, and the trampolines
// that no exception leaves. Filled at describe, then constant. [startup]
#pragma once

#include <calixo/db.hpp>
#include <calixo/detail/abi.hpp>
#include <calixo/json.hpp>
#include <calixo/problem.hpp>
#include <calixo/work_context.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace calixo {

class EventContext;
class JobContext;

namespace detail {

struct TopicRecord {
  const Host* host = nullptr;
  std::string name, payload_schema, description;

  calixo_status register_it() const {
    const calixo_topic topic{sizeof topic, to_abi(name), to_abi(payload_schema),
                             to_abi(description)};
    return host->events->declare(host->handle, &topic);
  }
};

struct SubscriptionRecord {
  const Host* host = nullptr;
  std::string topic, name;
  std::uint32_t flags = CALIXO_SUBSCRIPTION_IN_TRANSACTION;
  std::uint32_t attempts_max = 0, timeout_ms = 0;
  std::function<void(EventContext&, std::string_view payload)> handle;

  // [fiber]
  static calixo_status deliver(void* user, const calixo_event* event, calixo_tx* tx, char* error,
                               std::size_t error_size);
  calixo_status register_it() {
    const calixo_subscription subscription{
        sizeof subscription, flags,        attempts_max, timeout_ms,
        to_abi(topic),       to_abi(name), &deliver,     this};
    return host->events->subscribe(host->handle, &subscription);
  }
};

struct JobRecord {
  const Host* host = nullptr;
  std::string name, payload_schema;
  std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;
  std::uint64_t every_ms = 0;
  std::function<void(JobContext&, std::string_view payload)> handle;

  // [fiber]
  static calixo_status run(void* user, const calixo_job_run* run, calixo_tx* tx, char* error,
                           std::size_t error_size);
  calixo_status register_it() {
    const calixo_job job{sizeof job, flags,        attempts_max,           timeout_ms,
                         every_ms,   to_abi(name), to_abi(payload_schema), &run,
                         this};
    return host->jobs->declare(host->handle, &job);
  }
};

// A payload that does not fit its type never will.
template <class Payload>
Payload read_payload(std::string_view json) {
  try {
    return parse_json<Payload>(json);
  } catch (const Problem& problem) {
    std::string reason = "the payload does not fit: " + problem.code();
    for (const FieldError& error : problem.errors()) {
      reason += ", " + error.field + " " + error.code;
    }
    throw GiveUp(reason);
  }
}

inline void tell_reason(std::string_view reason, char* error, std::size_t error_size) {
  if (error == nullptr || error_size == 0) return;
  const std::size_t size = std::min(reason.size(), error_size - 1);
  std::memcpy(error, reason.data(), size);
  error[size] = '\0';
}

// Runs one attempt; what it throws becomes a status and a reason for the operator.
template <class Attempt>
calixo_status guarded_attempt(char* error, std::size_t error_size, Attempt&& attempt) noexcept {
  try {
    try {
      attempt();
      return CALIXO_OK;
    } catch (const GiveUp& reason) {
      tell_reason(reason.what(), error, error_size);
      return CALIXO_INVALID;
    } catch (const Problem& problem) {
      tell_reason(problem.code() + " " + problem.message(), error, error_size);
    } catch (const HostFailure& failure) {
      tell_reason(std::string(failure.what()) + ", status " + std::to_string(failure.status()),
                  error, error_size);
    } catch (const std::exception& exception) {
      tell_reason(exception.what(), error, error_size);
    } catch (...) {
      tell_reason("an exception of no standard type", error, error_size);
    }
  } catch (...) {  // out of memory while telling: it failed either way
  }
  return CALIXO_INTERNAL;
}

inline void throw_unless_written(const Host& host, calixo_status status, calixo_result* failure,
                                 const char* operation) {
  const Rows owned(host.db, failure);
  if (status == CALIXO_SQL_ERROR) throw_sql_error(*host.db, failure);
  throw_unless_ok(status, operation);
}

// [fiber, suspends]
inline void publish(const Host& host, calixo_tx* tx, std::string_view topic, std::string_view key,
                    std::string_view payload) {
  calixo_result* failure = nullptr;
  const calixo_status status = suspending([&] {
    return host.events->publish(host.handle, tx, to_abi(topic), to_abi(key), to_abi(payload),
                                &failure);
  });
  throw_unless_written(host, status, failure, "publish an event");
}

// False where the unique key is taken. [fiber, suspends]
inline bool enqueue(const Host& host, calixo_tx* tx, std::string_view job,
                    std::string_view unique_key, std::string_view payload, std::int64_t run_at_us) {
  calixo_result* failure = nullptr;
  const calixo_status status = suspending([&] {
    return host.jobs->enqueue(host.handle, tx, to_abi(job), to_abi(unique_key), to_abi(payload),
                              run_at_us, &failure);
  });
  if (status == CALIXO_CONFLICT) return false;
  throw_unless_written(host, status, failure, "enqueue a job");
  return true;
}

}  // namespace detail
}  // namespace calixo
