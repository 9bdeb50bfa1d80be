#include "plugin/work_registering.hpp"

#include "plugin/abi_text.hpp"
#include "plugin/registering.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kNameBytesMax = 100;
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

}  // namespace

calixo_status declare_topic(const calixo_host* host, const calixo_topic* wanted) {
  return registering_struct(
      host, "topic", wanted, &calixo_topic::name,
      [](const calixo_topic& topic, Registrations& all) -> std::string {
        const std::string name = copy(topic.name);
        if (!is_name(name)) return kNameRule;
        if (find_by_name(all.topics, name) != nullptr) return "it is declared twice";
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
        if (find_by_name(all.subscriptions, name) != nullptr) return "it is registered twice";
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
        if (find_by_name(all.jobs, name) != nullptr) return "it is registered twice";
        all.jobs.push_back({name, copy(job.payload_schema), job.flags, job.attempts_max,
                            job.timeout_ms, job.every_ms, job.run, job.user});
        return {};
      });
}

calixo_status declare_signal(const calixo_host* host, const calixo_signal* wanted) {
  return registering_struct(host, "signal", wanted, &calixo_signal::name,
                            [](const calixo_signal& signal, Registrations& all) -> std::string {
                              const std::string name = copy(signal.name);
                              if (!is_name(name)) return kNameRule;
                              if (signal.hear == nullptr) return "it has no function";
                              if (find_by_name(all.signals, name) != nullptr) {
                                return "it is declared twice";
                              }
                              all.signals.push_back({name, signal.hear, signal.user});
                              return {};
                            });
}

}  // namespace calixo::host
