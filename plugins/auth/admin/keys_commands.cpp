#include "admin/keys_commands.hpp"

#include <stdexcept>

#include "admin/key_store.hpp"
#include "admin/words.hpp"
#include "es256_key.hpp"

namespace calixo::auth {
namespace {

using Arguments = std::vector<std::string>;

struct KeyList {
  std::vector<SigningKey> items;
};
BOOST_DESCRIBE_STRUCT(KeyList, (), (items))

void tell_keys(Plugin& plugin, bool is_json, Output& out) {
  Database db = plugin.service_db();
  const KeyList keys{signing_keys(db)};
  if (is_json) {
    out.line(to_json(keys));
    return;
  }
  std::vector<std::vector<std::string>> rows{{"KEY", "STATE", "CREATED", "RETIRED"}};
  for (const SigningKey& key : keys.items) {
    rows.push_back({key.kid, key.state, key.created_at.text().substr(0, 16),
                    key.retired_at ? key.retired_at->text().substr(0, 16) : "-"});
  }
  out.write(text_table(rows));
}

void list(Plugin& plugin, const Arguments& given, Output& out) {
  const Words words(given, {"--json"}, {});
  words.exactly({});
  tell_keys(plugin, words.has("--json"), out);
}

void rotate(Plugin& plugin, const Arguments& given, Output& out) {
  const Words words(given, {"--json"}, {});
  words.exactly({});
  const Es256Key made = Es256Key::generate();
  try {
    plugin.service_transaction(
        [&](Transaction& tx) { replace_active_key(tx, made.kid(), made.private_key_der()); });
  } catch (const DbError& error) {
    if (!error.is_unique_violation()) throw;
    throw std::runtime_error("Another rotation came first; look at calixo keys list.");
  }
  tell_keys(plugin, words.has("--json"), out);
}

void retire(Plugin& plugin, const Arguments& given, Output& out) {
  const Words words(given, {"--json"}, {});
  const std::string kid = words.exactly({"KEY"})[0];
  Database db = plugin.service_db();
  if (!retire_key(db, kid)) {
    throw std::runtime_error("There is no key '" + kid +
                             "' that only verifies: the active one is rotated first "
                             "(calixo keys rotate).");
  }
  tell_keys(plugin, words.has("--json"), out);
}

}  // namespace

void register_keys_commands(Plugin& plugin) {
  const auto add = [&](const std::string& words, std::string_view summary, const std::string& usage,
                       void (*run)(Plugin&, const Arguments&, Output&)) {
    plugin.command(words, summary, usage,
                   [&plugin, words, usage, run](const Arguments& given, Output& out) {
                     return run_command(words + " " + usage, out, [&] { run(plugin, given, out); });
                   });
  };
  add("keys list", "Lists the keys of access tokens", "[--json]", &list);
  add("keys rotate", "Signs with a new key; tokens of the older ones stay good", "[--json]",
      &rotate);
  add("keys retire", "Ends all tokens, and service keys, that an older key signed", "KEY [--json]",
      &retire);
}

}  // namespace calixo::auth
