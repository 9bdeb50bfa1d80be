// The steps of a plugin's life as the host calls them; no exception leaves one.
// [startup]
#pragma once

#include <calixo/detail/registrations.hpp>

#include <cstring>
#include <exception>
#include <string>

namespace calixo::detail {

// Registers what a described plugin holds, and runs its steps.
class PluginLife {
 public:
  explicit PluginLife(Registrations& registrations)
      : all_(registrations), host_(registrations.host) {}

  void register_all() {
    for (auto& route : all_.routes) register_route(*route);
    for (const KeyRecord& key : all_.keys) register_key(key);
    for (const calixo_migration& migration : all_.migrations) {
      check(registry().migration(host_.handle, &migration), "migration", view(migration.name));
    }
    for (CommandRecord& command : all_.commands) register_command(command);
    for (const auto& [id, table] : all_.offers) {
      check(registry().offer(host_.handle, to_abi(id), table), "service", id);
    }
    for (const NeedRecord& need : all_.needs) {
      check(registry().need(host_.handle, to_abi(need.id), need.is_required), "need of", need.id);
    }
    for (const std::string& id : all_.depends) {
      check(registry().depend(host_.handle, to_abi(id)), "dependency on", id);
    }
    for (const std::string& point : all_.points) {
      check(host_.extensions->define(host_.handle, to_abi(point)), "extension point", point);
    }
    for (const ExtensionRecord& one : all_.extensions) {
      check(host_.extensions->extend(host_.handle, to_abi(one.point), to_abi(one.name), one.table,
                                     to_abi(one.details_json)),
            "extension", one.name);
    }
    for (const GrantRecord& grant : all_.grants) register_grant(grant);
    for (const TopicRecord& topic : all_.topics) check(topic.register_it(), "topic", topic.name);
    for (SubscriptionRecord& one : all_.subscriptions) {
      check(one.register_it(), "subscription", one.name);
    }
    for (JobRecord& job : all_.jobs) check(job.register_it(), "job", job.name);
    for (const auto& message : all_.messages) {
      register_message(message.code, "es", message.es);
      register_message(message.code, "en", message.en);
    }
  }

  void configure() {
    for (const auto& step : all_.on_configure) step();
  }
  void start() {
    for (NeedRecord& need : all_.needs) {
      need.table = host_.services->find(host_.handle, to_abi(need.id));
      if (need.table == nullptr && need.is_required) {
        throw std::runtime_error("no plugin offers " + need.id + ": enable one that does");
      }
    }
    for (const auto& step : all_.on_start) step();
  }
  // A step that fails does not keep the next from running.
  void drain() noexcept { run_all(all_.on_drain, "drain"); }
  void stop() noexcept { run_all(all_.on_stop, "stop"); }

 private:
  const calixo_registry_v1& registry() const { return *host_.registry; }

  void check(calixo_status status, std::string_view what, std::string_view name) const {
    if (status == CALIXO_OK) return;
    throw std::runtime_error("the host refused " + std::string(what) + " " + std::string(name) +
                             ", status " + std::to_string(status));
  }

  void register_route(RouteRecord& route) {
    calixo_route abi{};
    abi.struct_size = sizeof abi;
    abi.flags = route.flags;
    abi.roles = route.roles;
    abi.deadline_ms = route.deadline_ms;
    abi.body_bytes_max = route.body_bytes_max;
    abi.method = to_abi(route.method);
    abi.summary = to_abi(route.summary);
    abi.tag = to_abi(route.tag);
    abi.consumes = to_abi(route.consumes);
    abi.produces = to_abi(route.produces);
    abi.query_schema = to_abi(route.query_schema);
    abi.request_schema = to_abi(route.request_schema);
    abi.response_schema = to_abi(route.response_schema);
    abi.success_status = route.success_status;
    abi.problem_codes = to_abi(route.problems);
    abi.handle = route.handle;
    abi.user = &route;
    abi.render_problem = route.renderer ? &RouteRecord::render : nullptr;
    for (const std::string& path : route.paths) {
      abi.path = to_abi(path);
      check(registry().route(host_.handle, &abi), "route " + route.method, path);
    }
  }

  void register_key(const KeyRecord& key) {
    calixo_key abi{};
    abi.struct_size = sizeof abi;
    abi.type = key.type;
    abi.flags = key.flags;
    abi.name = to_abi(key.name);
    abi.default_value = to_abi(key.default_value);
    abi.description = to_abi(key.description);
    abi.choices = to_abi(key.choices);
    abi.min = key.min;
    abi.max = key.max;
    check(registry().key(host_.handle, &abi), "key", key.name);
  }

  void register_grant(const GrantRecord& grant) {
    const calixo_grant abi{sizeof abi, to_abi(grant.table), to_abi(grant.privilege),
                           to_abi(grant.columns), to_abi(grant.reason)};
    check(registry().grant(host_.handle, &abi), "grant on", grant.table);
  }

  void register_command(CommandRecord& command) {
    calixo_command abi{};
    abi.struct_size = sizeof abi;
    abi.words = to_abi(command.words);
    abi.summary = to_abi(command.summary);
    abi.usage = to_abi(command.usage);
    abi.run = &CommandRecord::run;
    abi.user = &command;
    check(registry().command(host_.handle, &abi), "command", command.words);
  }

  void register_message(std::string_view code, std::string_view language, std::string_view text) {
    if (text.empty()) return;
    check(registry().message(host_.handle, to_abi(code), to_abi(language), to_abi(text)), "message",
          code);
  }

  void run_all(const std::vector<std::function<void()>>& steps, std::string_view name) noexcept {
    for (const auto& step : steps) {
      try {
        step();
      } catch (const std::exception& exception) {
        report(name, exception.what());
      } catch (...) {
        report(name, "an exception of no standard type");
      }
    }
  }
  void report(std::string_view step, std::string_view reason) noexcept {
    try {
      Log(host_).error("step failed", {{"step", step}, {"error", reason}});
    } catch (...) {  // out of memory: the step has failed either way
    }
  }

  Registrations& all_;
  const Host& host_;
};

// Runs a step that may refuse; the reason goes into the host's buffer.
template <class Step>
calixo_status guarded_step(char* error, std::size_t error_size, Step&& step) noexcept {
  const auto refuse = [&](const char* reason) {
    if (error != nullptr && error_size > 0) {
      const std::size_t size = std::min(std::strlen(reason), error_size - 1);
      std::memcpy(error, reason, size);
      error[size] = '\0';
    }
    return CALIXO_INTERNAL;
  };
  try {
    step();
    return CALIXO_OK;
  } catch (const std::exception& exception) {
    return refuse(exception.what());
  } catch (...) {
    return refuse("an exception of no standard type");
  }
}

}  // namespace calixo::detail
