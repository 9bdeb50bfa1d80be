#include "db/migration_guard.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "db/sql_lexer.hpp"
#include "db/statement_guard.hpp"

namespace calixo::host {
namespace {

using Tokens = std::vector<SqlToken>;

constexpr std::size_t kNestedBodiesMax = 4;
constexpr std::string_view kClaims = "request.";

// Of the session or the transaction, which are the migrator's.
constexpr std::array<std::string_view, 19> kRefused{
    "begin",   "start",      "commit",  "end",   "rollback",  "abort", "prepare",
    "execute", "deallocate", "discard", "reset", "load",      "copy",  "listen",
    "call",    "unlisten",   "vacuum",  "close", "checkpoint"};

// After these a statement begins in a function's body, in PL/pgSQL as in SQL.
constexpr std::array<std::string_view, 5> kBodyStarts{"begin", "then", "else", "loop", "declare"};

template <class Words>
bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_word(const Tokens& tokens, std::string_view word) {
  return std::any_of(tokens.begin(), tokens.end(),
                     [word](const SqlToken& token) { return token.is_word(word); });
}

bool is_word_at(const Tokens& tokens, std::size_t at, std::string_view word) {
  return at < tokens.size() && tokens[at].is_word(word);
}

// set_config('request.…
bool is_claims_call(const Tokens& tokens, std::size_t at) {
  return tokens[at].is_word("set_config") && at + 2 < tokens.size() &&
         tokens[at + 1].is_sign('(') && tokens[at + 2].kind == SqlTokenKind::literal &&
         tokens[at + 2].text.starts_with(kClaims) && at + 3 < tokens.size() &&
         tokens[at + 3].is_sign(',');
}

std::string name_fault(const Tokens& tokens, bool allows_claims) {
  Tokens rest;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!(allows_claims && is_claims_call(tokens, i))) rest.push_back(tokens[i]);
  }
  const std::string name = role_changing_name(rest);
  return name.empty() ? name : refusal_message(name);
}

// Of what stands behind "set [local]": a setting that a migration or a function may choose.
bool is_allowed_setting(const Tokens& tokens, std::size_t at) {
  if (at >= tokens.size() || tokens[at].kind != SqlTokenKind::word) return false;
  const std::string& name = tokens[at].text;
  return name == "search_path" || name == "constraints" || name == "check_function_bodies" ||
         name == "client_min_messages" || is_harmless_setting(name) ||
         (name == "request" && at + 1 < tokens.size() && tokens[at + 1].is_sign('.'));
}

std::string setting_fault(const Tokens& tokens, std::size_t set) {
  const std::size_t name = is_word_at(tokens, set + 1, "local") ? set + 2 : set + 1;
  if (is_allowed_setting(tokens, name)) return {};
  return "it sets \"" + (name < tokens.size() ? tokens[name].text : std::string()) +
         "\": a plugin's SQL stays in its own role, and may choose search_path and timeouts only";
}

std::string body_fault(std::string_view body, std::size_t depth);

std::string literals_fault(const Tokens& tokens, std::size_t depth) {
  for (const SqlToken& token : tokens) {
    if (token.kind != SqlTokenKind::literal) continue;
    if (std::string fault = body_fault(token.text, depth); !fault.empty()) return fault;
  }
  return {};
}

// Within one statement of a body: whether SET names a column there. What makes or alters anything
// but a table may hold a setting of its own, whatever else it is called.
class BodyStatement {
 public:
  void take(const Tokens& tokens, std::size_t at) {
    const bool alters_table = tokens[at].is_word("alter") && is_word_at(tokens, at + 1, "table");
    if (is_start_)
      has_head_ = (tokens[at].is_word("alter") && !alters_table) || tokens[at].is_word("create");
    changes_ = changes_ || alters_table || tokens[at].is_word("update");
    const bool ends_label = tokens[at].is_sign('>') && at > 0 && tokens[at - 1].is_sign('>');
    const bool ends =
        tokens[at].is_sign(';') || ends_label ||
        (tokens[at].kind == SqlTokenKind::word && holds(kBodyStarts, tokens[at].text));
    if (ends) changes_ = has_head_ = false;
    is_start_ = ends;
  }
  bool is_start() const { return is_start_; }
  bool sets_column() const { return !is_start_ && changes_ && !has_head_; }

 private:
  bool is_start_ = true, changes_ = false, has_head_ = false;
};

std::string body_word_fault(const Tokens& tokens, std::size_t at, const BodyStatement& statement) {
  const SqlToken& token = tokens[at];
  if (token.is_word("execute") && !is_word_at(tokens, at + 1, "on")) {
    return "a function or DO block runs a text as a statement (EXECUTE): write the statement "
           "itself";
  }
  if (token.is_word("set") && !statement.sets_column()) return setting_fault(tokens, at);
  const bool is_block = token.is_word("begin") || token.is_word("end") || token.is_word("close");
  if (statement.is_start() && !is_block && token.kind == SqlTokenKind::word &&
      holds(kRefused, token.text)) {
    return "a function or DO block uses " + token.text + ", which is the server's own";
  }
  return {};
}

std::string body_fault(std::string_view body, std::size_t depth) {
  if (depth > kNestedBodiesMax) return "functions are nested too deep";
  const Tokens tokens = sql_tokens(body);
  if (std::string fault = name_fault(tokens, false); !fault.empty()) return fault;
  BodyStatement statement;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string fault = body_word_fault(tokens, i, statement);
    if (!fault.empty()) return fault;
    statement.take(tokens, i);
  }
  const bool makes_code = has_word(tokens, "do") || has_word(tokens, "create");
  return makes_code ? literals_fault(tokens, depth + 1) : std::string();
}

bool defines_code(const Tokens& tokens) {
  return (tokens[0].is_word("create") || tokens[0].is_word("alter")) &&
         (has_word(tokens, "function") || has_word(tokens, "procedure") ||
          has_word(tokens, "routine"));
}

// SET in a function's own head: it holds while the function runs.
std::string head_fault(const Tokens& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].is_word("set") || is_word_at(tokens, i + 1, "schema")) continue;
    if (std::string fault = setting_fault(tokens, i); !fault.empty()) return fault;
  }
  return {};
}

std::string statement_fault(const Tokens& tokens, bool is_in_atomic_body) {
  const SqlToken& first = tokens[0];
  const bool ends_atomic_body = is_in_atomic_body && first.is_word("end");
  if (first.kind == SqlTokenKind::word && holds(kRefused, first.text) && !ends_atomic_body) {
    return "\"" + first.text +
           "\" is the server's own: each file runs in a transaction that it makes and ends";
  }
  if (first.is_word("set")) {
    if (is_word_at(tokens, 1, "constraints")) return {};
    if (!is_word_at(tokens, 1, "local")) {
      return "a setting would outlive the file: write set local";
    }
    return setting_fault(tokens, 0);
  }
  if (std::string fault = name_fault(tokens, true); !fault.empty()) return fault;
  if (first.is_word("do")) return literals_fault(tokens, 0);
  if (!defines_code(tokens)) return {};
  std::string fault = head_fault(tokens);
  return fault.empty() ? literals_fault(tokens, 0) : fault;
}

bool opens_atomic_body(const Tokens& tokens) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].is_word("begin") && tokens[i + 1].is_word("atomic")) return defines_code(tokens);
  }
  return false;
}

}  // namespace

std::optional<MigrationFault> migration_fault(std::string_view sql) {
  bool is_in_atomic_body = false;
  for (const Tokens& statement : sql_statements(sql)) {
    if (std::string reason = statement_fault(statement, is_in_atomic_body); !reason.empty()) {
      const auto begin = sql.begin();
      const auto end = begin + static_cast<std::ptrdiff_t>(statement[0].offset);
      return MigrationFault{1 + static_cast<std::size_t>(std::count(begin, end, '\n')),
                            std::move(reason)};
    }
    if (is_in_atomic_body && statement[0].is_word("end")) is_in_atomic_body = false;
    if (opens_atomic_body(statement)) is_in_atomic_body = true;
  }
  return std::nullopt;
}

bool sets_claims(std::string_view sql) {
  const Tokens tokens = sql_tokens(sql);
  return std::any_of(tokens.begin(), tokens.end(), [&](const SqlToken& token) {
    return is_claims_call(tokens, static_cast<std::size_t>(&token - tokens.data()));
  });
}

}  // namespace calixo::host
