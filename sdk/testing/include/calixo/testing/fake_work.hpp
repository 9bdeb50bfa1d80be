// Events, jobs and signals of the fake host: what was published, enqueued and sent, and what a test
// hands to subscribers and jobs. Used by one test.
#pragma once

#include <calixo/abi/events.h>
#include <calixo/abi/jobs.h>
#include <calixo/abi/signals.h>
#include <calixo/detail/abi.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace calixo::testing {

// What was published.
struct Published {
  std::string topic, key, payload;  // as given; the payload as JSON
  bool is_in_transaction = false;   // or at once
  bool is_committed = true;         // false while its transaction is open; rolled back, it is gone
};

// A run that was asked for.
struct Enqueued {
  std::string job, unique_key, payload;  // as given; the payload as JSON
  std::int64_t run_at_us = 0;            // 0: now
  bool is_in_transaction = false;        // or at once
  bool is_committed = true;              // as of Published
};

// A signal that was sent.
struct Sent {
  std::string signal;              // its name
  bool is_in_transaction = false;  // or at once
  bool is_committed = true;        // as of Published
};

// What is handed to a subscriber or a job.
struct Delivery {
  std::string payload = "{}";  // JSON
  std::string key = {};        // of the event, or the unique key of the run
  std::int64_t id = 1;         // of the event or run
  std::uint32_t attempt = 1;   // 1 the first time
  std::int64_t at_us = 0;      // when it was published, or to run
};

// How an attempt ended: CALIXO_OK; CALIXO_INVALID where it was given up; else it would be repeated.
struct Attempted {
  std::string name;                  // of the subscription or job
  calixo_status status = CALIXO_OK;  // what it answered
  std::string error;                 // its reason
};

// The events and jobs of the fake host.
struct FakeWork {
  // As it was registered.
  struct Subscription {
    std::string topic, name;                                    // as in calixo_subscription
    std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;  // as there
    // As there.
    calixo_status (*deliver)(void*, const calixo_event*, calixo_tx*, char*, std::size_t) = nullptr;
    void* user = nullptr;  // handed to it
  };
  // As it was registered.
  struct Job {
    std::string name, payload_schema;                           // as in calixo_job
    std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;  // as there
    std::uint64_t every_ms = 0;                                 // as there
    // As there.
    calixo_status (*run)(void*, const calixo_job_run*, calixo_tx*, char*, std::size_t) = nullptr;
    void* user = nullptr;  // handed to it
  };
  // As it was registered.
  struct Topic {
    std::string name, payload_schema, description;  // as in calixo_topic
  };

  // As it was registered.
  struct Signal {
    std::string name;               // as in calixo_signal
    void (*hear)(void*) = nullptr;  // as there
    void* user = nullptr;           // handed to it
  };

  std::vector<Topic> topics;                // in order, as the others
  std::vector<Subscription> subscriptions;  // what the plugin listens to
  std::vector<Job> jobs;                    // what it declared
  std::vector<Published> published;         // events
  std::vector<Enqueued> enqueued;           // runs
  std::vector<Signal> signals;              // what it hears
  std::vector<Sent> sent;                   // signals
  // What publish, enqueue and send answer; another than CALIXO_OK: nothing is kept.
  calixo_status status = CALIXO_OK;

  // What an open transaction sent, is sent.
  void commit() {
    for (Published& event : published) event.is_committed = true;
    for (Enqueued& run : enqueued) run.is_committed = true;
    for (Sent& signal : sent) signal.is_committed = true;
  }
  // What an open transaction sent, never was.
  void roll_back() {
    std::erase_if(published, [](const Published& event) { return !event.is_committed; });
    std::erase_if(enqueued, [](const Enqueued& run) { return !run.is_committed; });
    std::erase_if(sent, [](const Sent& signal) { return !signal.is_committed; });
  }
};

}  // namespace calixo::testing
