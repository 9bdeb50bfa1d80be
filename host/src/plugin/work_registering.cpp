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
  const std::string name = copy(wanted->name);
  return registering(host, "topic " + name, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_topic)) return "struct_size is too small";
    if (!is_name(name)) return kNameRule;
    if (find_by_name(all.topics, name) != nullptr) return "it is declared twice";
    all.topics.push_back({name, copy(wanted->payload_schema), copy(wanted->description)});
    return {};
  });
}

calixo_status subscribe(const calixo_host* host, const calixo_subscription* wanted) {
  const std::string name = copy(wanted->name);
  return registering(host, "subscription " + name, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_subscription)) return "struct_size is too small";
    if (!is_name(name)) return kNameRule;
    if (!is_name(view(wanted->topic))) return "its topic can't be one: " + copy(wanted->topic);
    if (wanted->deliver == nullptr) return "it has no function";
    if (find_by_name(all.subscriptions, name) != nullptr) return "it is registered twice";
    all.subscriptions.push_back({copy(wanted->topic), name, wanted->flags, wanted->attempts_max,
                                 wanted->timeout_ms, wanted->deliver, wanted->user});
    return {};
  });
}

calixo_status declare_job(const calixo_host* host, const calixo_job* wanted) {
  const std::string name = copy(wanted->name);
  return registering(host, "job " + name, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_job)) return "struct_size is too small";
    if (!is_name(name)) return kNameRule;
    if (wanted->run == nullptr) return "it has no function";
    if (wanted->every_ms != 0 && (wanted->every_ms < kEveryMsMin || wanted->every_ms > kEveryMsMax))
      return "every_ms is not between a second and a year";
    if (find_by_name(all.jobs, name) != nullptr) return "it is registered twice";
    all.jobs.push_back({name, copy(wanted->payload_schema), wanted->flags, wanted->attempts_max,
                        wanted->timeout_ms, wanted->every_ms, wanted->run, wanted->user});
    return {};
  });
}

}  // namespace calixo::host
