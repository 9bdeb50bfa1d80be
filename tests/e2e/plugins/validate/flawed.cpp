// A plugin that `calixo validate` finds nothing in, and, where FLAW names one in the environment,
// one thing: each flaw is what the check of its name is there to find.
#include <calixo/plugin.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

using calixo::Context;

namespace {

bool has(std::string_view flaw) {
  const char* wanted = std::getenv("FLAW");
  return wanted != nullptr && flaw == wanted;
}

__attribute__((constructor)) void crash_while_loading() {
  if (has("crash_on_load")) std::abort();
}

struct NewNote {
  std::string text;
  std::int32_t count = 1;
};
BOOST_DESCRIBE_STRUCT(NewNote, (), (text, count))
CALIXO_RULES(NewNote) {
  rules.at<&NewNote::text>().length(1, 100);
  rules.at<&NewNote::count>().range(1, 9);
}

struct Note {
  std::int64_t id = 0;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Note, (), (id, text))

struct Listing {
  std::int32_t limit = 20;
};
BOOST_DESCRIBE_STRUCT(Listing, (), (limit))
CALIXO_RULES(Listing) { rules.at<&Listing::limit>().range(1, 100); }

constexpr std::string_view kInsert =
    "insert into flawed_notes (text) values ($1) returning id, text";

calixo_str text(std::string_view of) { return {of.data(), of.size()}; }

// The plugin's table, as a plugin in plain C would use it: without the layer's care.
class RawNotes {
 public:
  explicit RawNotes(const calixo::detail::Host& host) : host_(host) {}

  // Leaves its transaction open where the insert fails.
  void leak_transaction(const std::string& note) {
    calixo_tx* tx = begin();
    if (insert(tx, note) != CALIXO_OK) throw calixo::Problem(503, "unavailable");
    end(tx);
  }
  // Takes no notice of what commit answers.
  void ignore_commit(const std::string& note) {
    calixo_tx* tx = begin();
    if (insert(tx, note) != CALIXO_OK) {
      host_.db->rollback(host_.handle, tx);
      throw calixo::Problem(503, "unavailable");
    }
    end(tx);
  }
  // Reads the answer before it looks at the status.
  char first_letter() {
    calixo_result* result = nullptr;
    const calixo_statement statement{text("select 'letter'"), nullptr, 0};
    calixo::detail::suspending([&] {
      return host_.db->run(host_.handle, nullptr, CALIXO_DB_AS_SERVICE, &statement, 1, &result);
    });
    const char letter = host_.db->value(result, 0, 0).data[0];
    host_.db->release(result);
    return letter;
  }
  // Waits without keeping the exception state of the plugin's own C++ runtime.
  void wait_unguarded() { host_.runtime->sleep(host_.handle, 5); }
  // Asks again and again, whatever the answer.
  void wait_for_ever() {
    while (host_.runtime->sleep(host_.handle, 1) != CALIXO_OK) continue;
  }

 private:
  calixo_tx* begin() {
    calixo_tx* tx = nullptr;
    const calixo_status status =
        calixo::detail::suspending([&] { return host_.db->begin(host_.handle, nullptr, 0, &tx); });
    if (status != CALIXO_OK) throw calixo::Problem(503, "unavailable");
    return tx;
  }
  calixo_status insert(calixo_tx* tx, const std::string& note) {
    calixo_result* result = nullptr;
    const calixo_str parameter = text(note);
    const calixo_statement statement{text(kInsert), &parameter, 1};
    const calixo_status status = calixo::detail::suspending([&] {
      return host_.db->run_in(host_.handle, tx, CALIXO_DB_AS_SERVICE, &statement, 1, &result);
    });
    host_.db->release(result);
    return status;
  }
  void end(calixo_tx* tx) {
    calixo_result* failure = nullptr;
    calixo::detail::suspending([&] { return host_.db->commit(host_.handle, tx, &failure); });
    host_.db->release(failure);
  }

  const calixo::detail::Host& host_;
};

// Touches a frame of 8 KiB a level.
[[gnu::noinline]] int descend(int levels) {
  std::array<volatile char, 8192> frame;
  frame[0] = static_cast<char>(levels);
  frame[frame.size() - 1] = 1;
  return levels == 0 ? frame[0] : descend(levels - 1) + frame[0];
}

class Notes {
 public:
  explicit Notes(calixo::Plugin& plugin) : raw_(plugin.host()) {}

  Note add(Context& context, const NewNote& wanted) {
    if (has("leaked_transaction")) raw_.leak_transaction(wanted.text);
    if (has("ignored_commit")) raw_.ignore_commit(wanted.text);
    if (has("ignored_commit")) return {1, wanted.text};
    return context.service_transaction([&](calixo::Transaction& tx) {
      Note made;
      for (std::int32_t i = 0; i < wanted.count; ++i) {
        made = tx.query(kInsert, wanted.text).as<Note>().at(0);
      }
      return made;
    });
  }
  calixo::Page<Note> list(Context& context, const Listing& wanted) {
    if (has("crash_on_failed_call")) raw_.first_letter();
    return {context.service_db()
                .query("select id, text from flawed_notes order by id limit $1", wanted.limit)
                .as<Note>(),
            std::nullopt};
  }
  Note find(Context& context) {
    const auto found = context.service_db().query("select id, text from flawed_notes where id = $1",
                                                  context.path<std::int64_t>("id"));
    calixo::require(!found.empty(), calixo::Problem(404, "note_not_found"));
    return found.as<Note>().at(0);
  }
  // Waits in a catch block, and answers by the exception that it still holds afterwards.
  Note wait(Context& context, const NewNote& wanted) {
    try {
      throw std::runtime_error(wanted.text);
    } catch (const std::exception&) {
      if (has("unguarded_catch")) {
        raw_.wait_unguarded();
      } else {
        context.sleep(5);
      }
      try {
        throw;
      } catch (const std::exception& again) {
        return {0, again.what()};
      }
    }
  }
  void work(Context& context) {
    if (has("held_loop")) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    if (has("deaf_to_cancellation")) raw_.wait_for_ever();
    if (has("deep_stack")) descend(90);
    if (has("stack_overflow")) descend(1000);
    context.sleep(1);
  }
  Note echo(Context&, const NewNote& wanted) {
    if (has("high_count_breaks") && wanted.count > 5) throw std::runtime_error("too many");
    if (has("high_count_crashes") && wanted.count > 5) std::abort();
    return {wanted.count, wanted.text};
  }

 private:
  RawNotes raw_;
};

constexpr std::string_view kTable =
    "create table flawed_notes (id bigint generated always as identity primary key,"
    " text text not null check (length(text) <= 100));"
    "grant select, insert on flawed_notes to calixo_flawed;";
constexpr std::string_view kRowSecurity =
    "alter table flawed_notes enable row level security;"
    "alter table flawed_notes force row level security;"
    "create policy flawed_notes_service on flawed_notes"
    " using ((select auth.role()) = 'service_role')"
    " with check ((select auth.role()) = 'service_role');";

int descriptions = 0;
int starts = 0;

std::string migration_text() {
  std::string sql(kTable);
  if (!has("open_table")) sql += kRowSecurity;
  if (has("changing_migration")) sql += "-- " + std::to_string(descriptions);
  if (has("broken_migration")) sql += "create table;";
  return sql;
}

void add_life(calixo::Plugin& plugin) {
  auto& limit = plugin.own<std::unique_ptr<int>>();
  plugin.on_start([&plugin, &limit] {
    if (has("one_life") && ++starts > 1) throw std::runtime_error("it has been started before");
    plugin.service_db().query("select count(*) as found from flawed_notes");
    limit = std::make_unique<int>(1);
  });
  plugin.on_stop([&limit] {
    if (has("stop_rests_on_start") && *limit == 0) std::abort();
    limit.reset();
  });
}

}  // namespace

CALIXO_PLUGIN("flawed", "1.0.0", plugin) {
  ++descriptions;
  auto& sql = plugin.own<std::string>(migration_text());
  plugin.migration(1, "0001_notes.sql", sql);
  auto& notes = plugin.own<Notes>(plugin);
  plugin.post("/api/flawed/notes", calixo::bind(notes, &Notes::add));
  plugin.get("/api/flawed/notes", calixo::bind(notes, &Notes::list))
      .summary(has("changing_description") ? std::to_string(descriptions) : "Lists notes.");
  plugin.get("/api/flawed/notes/{id:int}", calixo::bind(notes, &Notes::find));
  plugin.post("/api/flawed/wait", calixo::bind(notes, &Notes::wait));
  plugin.get("/api/flawed/work", calixo::bind(notes, &Notes::work));
  plugin.post("/api/flawed/echo", calixo::bind(notes, &Notes::echo));
  if (has("other_than_schema")) {
    plugin.registrations().routes.back()->response_schema =
        R"({"type":"object","required":["absent"]})";
  }
  add_life(plugin);
}
