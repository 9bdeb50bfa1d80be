#include "db/statement_guard.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace calixo::host {
namespace {

constexpr std::array<std::string_view, 17> kRefused{
    "begin",   "start",    "commit",     "end",     "rollback",  "abort",
    "prepare", "execute",  "deallocate", "discard", "set",       "reset",
    "listen",  "unlisten", "load",       "copy",    "checkpoint"};

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

std::string refused_command(std::string_view sql) {
  const std::string_view whole = sql;
  std::string word = next_word(sql);
  if (std::find(kRefused.begin(), kRefused.end(), word) == kRefused.end()) return {};
  if (is_rollback_to(whole)) return {};
  if (word == "set") {
    const std::string second = next_word(sql);
    if (second == "constraints") return {};
    if (second == "local") {  // ends with the transaction; but who speaks is not theirs to say
      const std::string third = next_word(sql);
      if (third != "role" && third != "session") return {};
    }
  }
  return word;
}

std::string raising_statement(std::string_view sqlstate, std::string_view message) {
  return "do $raise$ begin raise exception using errcode = '" + std::string(sqlstate) +
         "', message = '" + doubled_quotes(message) + "'; end $raise$";
}

}  // namespace calixo::host
