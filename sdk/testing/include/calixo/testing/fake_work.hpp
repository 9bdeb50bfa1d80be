// Events and jobs of the fake host: what was published and enqueued, and what a test hands to
// subscribers and jobs.
// Used by one test.
#pragma once

#include <calixo/abi/events.h>
#include <calixo/abi/jobs.h>
#include <calixo/detail/abi.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace calixo::testing {

struct Published {
  std::string topic, key, payload;  // payload: JSON
  bool is_in_transaction = false;
  bool is_committed = true;  // false while its transaction is open; rolled back, it is gone
};

struct Enqueued {
  std::string job, unique_key, payload;
  std::int64_t run_at_us = 0;  // 0: now
  bool is_in_transaction = false;
  bool is_committed = true;
};

// What is handed to a subscriber or a job.
struct Delivery {
  std::string payload = "{}";  // JSON
  std::string key = {};
  std::int64_t id = 1;
  std::uint32_t attempt = 1;
  std::int64_t at_us = 0;
};

// How an attempt ended: CALIXO_OK; CALIXO_INVALID where it was given up; else it would be repeated.
struct Attempted {
  std::string name;
  calixo_status status = CALIXO_OK;
  std::string error;
};

struct FakeWork {
  struct Subscription {
    std::string topic, name;
    std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;
    calixo_status (*deliver)(void*, const calixo_event*, calixo_tx*, char*, std::size_t) = nullptr;
    void* user = nullptr;
  };
  struct Job {
    std::string name, payload_schema;
    std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;
    std::uint64_t every_ms = 0;
    calixo_status (*run)(void*, const calixo_job_run*, calixo_tx*, char*, std::size_t) = nullptr;
    void* user = nullptr;
  };
  struct Topic {
    std::string name, payload_schema, description;
  };

  std::vector<Topic> topics;
  std::vector<Subscription> subscriptions;
  std::vector<Job> jobs;
  std::vector<Published> published;
  std::vector<Enqueued> enqueued;
  // What publish and enqueue answer; another than CALIXO_OK: nothing is kept.
  calixo_status status = CALIXO_OK;

  void commit() {
    for (Published& event : published) event.is_committed = true;
    for (Enqueued& run : enqueued) run.is_committed = true;
  }
  void roll_back() {
    std::erase_if(published, [](const Published& event) { return !event.is_committed; });
    std::erase_if(enqueued, [](const Enqueued& run) { return !run.is_committed; });
  }
};

}  // namespace calixo::testing
