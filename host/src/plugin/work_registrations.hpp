// Topics, subscriptions, jobs and signals as a plugin registered them. Plain values, owned copies.
#pragma once

#include <calixo/abi/events.h>
#include <calixo/abi/jobs.h>
#include <calixo/abi/signals.h>

#include <cstdint>
#include <string>

namespace calixo::host {

struct RegisteredTopic {
  std::string name, payload_schema, description;
};

struct RegisteredSubscription {
  std::string topic, name;
  std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;  // 0: the configured ones
  calixo_status (*deliver)(void* user, const calixo_event* event, calixo_tx* tx, char* error,
                           std::size_t error_size) = nullptr;
  void* user = nullptr;
};

struct RegisteredJob {
  std::string name, payload_schema;
  std::uint32_t flags = 0, attempts_max = 0, timeout_ms = 0;
  std::uint64_t every_ms = 0;
  calixo_status (*run)(void* user, const calixo_job_run* run, calixo_tx* tx, char* error,
                       std::size_t error_size) = nullptr;
  void* user = nullptr;
};

struct RegisteredSignal {
  std::string name;
  void (*hear)(void* user) = nullptr;
  void* user = nullptr;
};

}  // namespace calixo::host
