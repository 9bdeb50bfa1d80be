#include "events_commands.hpp"

#include <charconv>
#include <string>
#include <vector>

#include "inbox_store.hpp"

namespace calixo::billing {
namespace {

using Words = std::vector<std::string>;

constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h
constexpr std::int64_t kLimitMax = 1000;
constexpr const char* kListUsage =
    "[--state stored|applied|refused] [--type TYPE] [--customer ID] [--before ID] [--limit N] "
    "[--json]";
constexpr const char* kShowUsage = "ID [--json]";
constexpr const char* kReplayUsage = "ID... | --refused";

int misused(Output& out, const std::string& what, const char* command, const char* usage) {
  out.line(what).line(std::string("usage: calixo billing events ") + command + ' ' + usage);
  return kExitUsage;
}

// One option with its value into the filter; false where it is none.
bool read_option(const std::string& name, const std::string& value, EventFilter& filter) {
  if (name == "--type") {
    filter.type = value;
  } else if (name == "--customer") {
    filter.customer_id = value;
  } else if (name == "--before") {
    filter.before_id = value;
  } else if (name == "--state") {
    return detail::EnumNames<EventState>::read(value, filter.state.emplace());
  } else if (name == "--limit") {
    const char* const end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, filter.limit);
    return error == std::errc() && at == end && filter.limit >= 1 && filter.limit <= kLimitMax;
  } else {
    return false;
  }
  return true;
}

std::string line_of(const StoredEvent& event) {
  const std::string state = detail::EnumNames<EventState>::name(event.state).data();
  std::string line = event.received_at.text() + "  " + state + "  " + event.id + "  " + event.type;
  if (event.customer_id) line += "  " + *event.customer_id;
  if (event.error) line += "  (" + *event.error + ")";
  return line;
}

int list(Plugin& plugin, const Words& words, Output& out) {
  EventFilter filter;
  bool is_json = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--json") {
      is_json = true;
    } else if (i + 1 < words.size() && read_option(words[i], words[i + 1], filter)) {
      ++i;
    } else {
      return misused(out, "can't use '" + words[i] + "'", "list", kListUsage);
    }
  }
  Database db = plugin.service_db();
  ++filter.limit;  // to know whether more follow
  Page<StoredEvent> page{list_events(db, filter), std::nullopt};
  if (static_cast<std::int64_t>(page.items.size()) == filter.limit) {
    page.items.pop_back();
    page.next = page.items.back().id;
  }
  if (is_json) {
    std::string text;
    detail::append_page(text, page);
    out.line(text);
    return 0;
  }
  for (const StoredEvent& event : page.items) out.line(line_of(event));
  if (page.items.empty()) out.line("no events");
  if (page.next) out.line("more: --before " + *page.next);
  return 0;
}

int show(Plugin& plugin, const Words& words, Output& out) {
  const bool is_json = words.size() == 2 && words[1] == "--json";
  if (words.size() != 1 && !is_json) return misused(out, "which event?", "show", kShowUsage);
  Database db = plugin.service_db();
  const auto event = find_event(db, words[0]);
  if (!event) {
    out.line("there is no event " + words[0]);
    return 1;
  }
  const std::string body = body_of(db, words[0]);
  if (is_json) {
    out.line("{\"event\":" + to_json(*event) + ",\"body\":" + (body.empty() ? "null" : body) + "}");
  } else {
    out.line(line_of(*event)).line(body.empty() ? "its text is not kept any more" : body);
  }
  return 0;
}

Words refused_events(Plugin& plugin) {
  Database db = plugin.service_db();
  EventFilter filter;
  filter.state = EventState::refused;
  filter.limit = kLimitMax;
  Words ids;
  for (const StoredEvent& event : list_events(db, filter)) ids.push_back(event.id);
  return ids;
}

int replay(Plugin& plugin, const InboxService& inbox, const Words& words, Output& out) {
  if (words.empty()) return misused(out, "which event?", "replay", kReplayUsage);
  const bool is_all = words == Words{"--refused"};
  int status = 0;
  for (const std::string& id : is_all ? refused_events(plugin) : words) {
    const bool is_open = inbox.replay(id);
    out.line(id + (is_open ? " will be applied again" : ": there is none, or its text is gone"));
    if (!is_open) status = 1;
  }
  return status;
}

}  // namespace

void register_events_commands(Plugin& plugin, const InboxService& inbox) {
  plugin.command("billing events list", "Lists Stripe's events, the newest first", kListUsage,
                 [&plugin](const Words& words, Output& out) { return list(plugin, words, out); });
  plugin.command("billing events show", "Shows one of Stripe's events as it came", kShowUsage,
                 [&plugin](const Words& words, Output& out) { return show(plugin, words, out); });
  plugin.command("billing events replay", "Has events of Stripe's applied again", kReplayUsage,
                 [&plugin, &inbox](const Words& words, Output& out) {
                   return replay(plugin, inbox, words, out);
                 });
}

}  // namespace calixo::billing
