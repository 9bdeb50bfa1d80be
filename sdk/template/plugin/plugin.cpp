// Says hello to everybody, and keeps notes for those who have an account.
#include <calixo/personal_data.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace {

struct Wanted {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (name))
CALIXO_RULES(Wanted) { rules.at<&Wanted::name>().length(1, 40); }

struct Greeting {
  std::string message;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (message))

struct NewNote {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(NewNote, (), (text))
CALIXO_RULES(NewNote) { rules.at<&NewNote::text>().length(1, 500); }

struct Note {
  std::int64_t id;
  std::string text;
  calixo::Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Note, (), (id, text, created_at))

Greeting greet(calixo::Context& context, const Wanted& wanted) {
  return {(context.language() == "es" ? "Hola, " : "Hello, ") + wanted.name + "!"};
}

// Both run as the caller: the policies of migrations/0001_create_notes.sql decide.
Note keep(calixo::Context& context, const NewNote& wanted) {
  return context.db()
      .query(
          "insert into sample_name_notes (user_id, text) values ($1, $2) "
          "returning id, text, created_at",
          context.user_id(), wanted.text)[0]
      .as<Note>();
}

calixo::Page<Note> own_notes(calixo::Context& context) {
  const auto rows = context.db().query(
      "select id, text, created_at from sample_name_notes where user_id = $1 "
      "order by id desc limit 50",
      context.user_id());
  return {rows.as<Note>(), std::nullopt};
}

}  // namespace

CALIXO_PLUGIN("org.example.sample_name", "1.0.0", plugin) {
  plugin.depend("auth");  // owns the table of users that the notes refer to
  plugin.migrations();
  plugin
      .personal_data("sample_name")  // in the account's export; a foreign key erases it
      .table("notes", "select text, created_at from sample_name_notes where user_id = $1");
  plugin.get("/api/sample_name/hello", &greet).summary("Says hello");
  plugin.get("/api/sample_name/notes", &own_notes)
      .allow(calixo::Role::user)
      .summary("The caller's latest notes");
  plugin.post("/api/sample_name/notes", &keep)
      .allow(calixo::Role::user)
      .status(201)
      .summary("Keeps a note");
}
