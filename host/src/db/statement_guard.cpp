#include "db/statement_guard.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace calixo::host {
namespace {

// All else changes the schema, the session or the transaction, or runs code that could (do, call).
constexpr std::array<std::string_view, 18> kAllowed{
    "select",  "insert", "update",  "delete", "merge", "with",  "values", "table",    "savepoint",
    "release", "lock",   "declare", "fetch",  "move",  "close", "show",   "truncate", "notify"};

constexpr std::array<std::string_view, 4> kRunners{"set_config", "pg_settings", "ts_stat",
                                                   "ts_rewrite"};
constexpr std::string_view kXmlRunner = "_to_xml";  // query_to_xml, cursor_to_xmlschema, …

constexpr std::array<std::string_view, 8> kHarmlessSettings{
    "statement_timeout", "lock_timeout", "work_mem", "plan_cache_mode", "jit",
    "timezone",          "time",  // set local time zone …
    "synchronous_commit"};

template <class Words>
bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void skip_line_comment(std::string_view& sql) {
  sql.remove_prefix(std::min(sql.find('\n'), sql.size()));
}

void skip_block_comment(std::string_view& sql) {  // PostgreSQL nests them
  std::size_t depth = 0;
  do {
    if (sql.starts_with("/*")) {
      ++depth;
      sql.remove_prefix(2);
    } else if (sql.starts_with("*/")) {
      --depth;
      sql.remove_prefix(2);
    } else {
      sql.remove_prefix(1);
    }
  } while (depth > 0 && !sql.empty());
}

std::string next_word(std::string_view& sql) {
  while (!sql.empty()) {
    if (sql.starts_with("--")) {
      skip_line_comment(sql);
    } else if (sql.starts_with("/*")) {
      skip_block_comment(sql);
    } else if (std::isspace(static_cast<unsigned char>(sql.front())) != 0 || sql.front() == ';') {
      sql.remove_prefix(1);
    } else {
      break;
    }
  }
  std::string word;
  while (!sql.empty() && std::isalpha(static_cast<unsigned char>(sql.front())) != 0) {
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(sql.front())));
    sql.remove_prefix(1);
  }
  return word;
}

std::string doubled_quotes(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') quoted += c;
    quoted += c == '$' ? ' ' : c;
  }
  return quoted;
}

}  // namespace

bool is_rollback_to(std::string_view sql) {
  if (next_word(sql) != "rollback") return false;
  std::string word = next_word(sql);
  if (word == "transaction" || word == "work") word = next_word(sql);
  return word == "to";
}

std::string role_changing_name(const std::vector<SqlToken>& tokens) {
  for (const SqlToken& token : tokens) {
    if (!token.is_identifier()) continue;
    if (holds(kRunners, token.text) || token.text.find(kXmlRunner) != std::string::npos) {
      return token.text;
    }
  }
  return {};
}

bool is_harmless_setting(std::string_view name) {
  return holds(kHarmlessSettings, name) || name.starts_with("enable_");
}

std::string refused_command(std::string_view sql) {
  const std::vector<SqlToken> tokens = sql_tokens(sql);
  auto at = std::find_if(tokens.begin(), tokens.end(), [](const SqlToken& token) {
    return !token.is_sign(';') && !token.is_sign('(');
  });
  if (at == tokens.end()) return {};
  const std::string& command = at->text;
  if (at->is_word("set")) {
    const auto word = [&](std::ptrdiff_t ahead) {
      const bool is_there = tokens.end() - at > ahead;
      return is_there && at[ahead].kind == SqlTokenKind::word ? at[ahead].text : std::string();
    };
    const bool is_local = word(1) == "local" && is_harmless_setting(word(2));
    return word(1) == "constraints" || is_local ? std::string() : command;
  }
  if (at->kind != SqlTokenKind::word || !holds(kAllowed, command)) {
    return is_rollback_to(sql) ? std::string() : command;
  }
  return role_changing_name(tokens);
}

std::string refusal_message(std::string_view word) {
  const std::string name(word);
  if (holds(kRunners, word) || word.find(kXmlRunner) != std::string_view::npos) {
    return name +
           " is the server's own, as it changes the role or runs a text as a statement: "
           "leave it out";
  }
  return "the command " + name +
         " is the server's own: a plugin reads and writes rows; tables and functions come from its "
         "migrations, transactions from the database interface";
}

std::string raising_statement(std::string_view sqlstate, std::string_view message) {
  return "do $raise$ begin raise exception using errcode = '" + std::string(sqlstate) +
         "', message = '" + doubled_quotes(message) + "'; end $raise$";
}

}  // namespace calixo::host
