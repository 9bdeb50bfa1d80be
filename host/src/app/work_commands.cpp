// events list|replay and jobs list|replay: what was given up, and giving it another chance.
#include <charconv>
#include <stdexcept>
#include <string>

#include "app/commands.hpp"
#include "cli/report_session.hpp"
#include "db/admin_session.hpp"
#include "db/database.hpp"

namespace calixo::host {
namespace {

constexpr const char* kListEvents =
    "select d.id, d.subscriber, e.topic, d.key, d.attempt as attempts, d.error,"
    " to_char(d.finished_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as died_at,"
    " e.id as event_id"
    " from outbox_deliveries d join outbox_events e on e.id = d.event_id"
    " where d.state = 'dead' order by d.id limit $1::bigint";
constexpr const char* kListJobs =
    "select id, name as job, attempt as attempts, error,"
    " to_char(finished_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as died_at"
    " from jobs where state = 'dead' order by id limit $1::bigint";

// $1 is "" for all.
constexpr const char* kReplayEvents =
    "with replayed as ("
    " update outbox_deliveries set state = 'pending', attempt = 0, due_at = now(),"
    "  finished_at = null, error = null"
    " where state = 'dead' and ($1 = '' or id = any(('{' || $1 || '}')::bigint[])) returning id)"
    " select count(*), pg_notify('calixo_work', '')::text from replayed";
// Without its unique key: another run may have taken it meanwhile.
constexpr const char* kReplayJobs =
    "with replayed as ("
    " update jobs set state = 'pending', attempt = 0, due_at = now(), unique_key = null,"
    "  finished_at = null, error = null"
    " where state = 'dead' and ($1 = '' or id = any(('{' || $1 || '}')::bigint[])) returning id)"
    " select count(*), pg_notify('calixo_work', '')::text from replayed";

constexpr const char* kActAsService = "select set_config('request.jwt.claims', $1, false)";

// Runs `use` on a session with the installation's database, as the service.
template <class Session, class Use>
int on_database(const Arguments& arguments, Output& output, Use use) {
  Installation installation(sources_of(arguments));
  try {
    const CommandDatabase database(installation.configuration(), output,
                                   CommandDatabase::IfNew::leave);
    if (!database.exists()) {
      return complain_about({"there is no database yet: the first start makes it"}, output);
    }
    Session session(database.url());
    session.query(kActAsService, {std::string(kServiceClaims)});
    return use(session);
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

int list(const Arguments& arguments, Output& output, const char* sql) {
  const std::string limit = arguments.value("limit").value_or("100");
  return on_database<ReportSession>(arguments, output, [&](ReportSession& session) {
    output.table(session.query(sql, {limit}), "no dead letters");
    return kExitOk;
  });
}

// "3,17": an id has digits only.
std::string joined_ids(const std::vector<std::string>& words) {
  std::string ids;
  for (const std::string& word : words) {
    std::int64_t id = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (fault != std::errc() || end != word.data() + word.size()) {
      throw UsageError(word + " is no id; `list` shows them");
    }
    ids += (ids.empty() ? "" : ",") + std::to_string(id);
  }
  return ids;
}

int replay(const Arguments& arguments, Output& output, const char* sql) {
  const std::string ids = joined_ids(arguments.positional());
  if (ids.empty() != arguments.has("all")) throw UsageError("give ids, or --all");
  return on_database<AdminSession>(arguments, output, [&](AdminSession& session) -> int {
    const std::string text(session.query(sql, {ids}).value(0, 0).value_or("0"));
    const std::int64_t count = std::stoll(text);
    output.object({{"replayed", count}});
    if (static_cast<std::size_t>(count) >= arguments.positional().size()) return kExitOk;
    return complain_about({"not all of these are dead letters; `list` shows them"}, output);
  });
}

Command list_command(const char* words, const char* summary, const char* sql) {
  Command made = make_command(words, summary, nullptr);
  made.options = {{"limit", "N", "at most so many, the oldest first (100)", false}};
  made.run = [sql](const Arguments& arguments, Output& output) {
    return list(arguments, output, sql);
  };
  return made;
}

Command replay_command(const char* words, const char* summary, const char* sql) {
  Command made = make_command(words, summary, nullptr);
  made.positional = "ID...";
  made.positional_max = 1000;
  made.options = {{"all", "", "every dead letter", false}};
  made.run = [sql](const Arguments& arguments, Output& output) {
    return replay(arguments, output, sql);
  };
  return made;
}

}  // namespace

void add_work_commands(CommandSet& commands) {
  commands.add(
      list_command("events list", "dead letters: deliveries that were given up", kListEvents));
  commands.add(replay_command("events replay", "deliver dead letters again", kReplayEvents));
  commands.add(list_command("jobs list", "runs of jobs that were given up", kListJobs));
  commands.add(replay_command("jobs replay", "run them again", kReplayJobs));
}

}  // namespace calixo::host
