// SQL text as PostgreSQL's scanner cuts it: words, names, literals, signs. For looking at
// statements before they are sent; it judges no grammar. Assumes standard_conforming_strings, which
// plugins may not switch off. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

enum class SqlTokenKind {
  word,     // an unquoted name or keyword, in lower case
  name,     // "quoted" or U&"quoted", decoded
  literal,  // 'text', E'text', U&'text' or $tag$text$tag$, decoded
  other     // a sign, or a number
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::other;
  std::string text;
  std::size_t offset = 0;  // of its first byte

  bool is_word(std::string_view word) const { return kind == SqlTokenKind::word && text == word; }
  bool is_sign(char sign) const {
    return kind == SqlTokenKind::other && text.size() == 1 && text[0] == sign;
  }
  // Names an object, whether it is quoted or not.
  bool is_identifier() const { return kind == SqlTokenKind::word || kind == SqlTokenKind::name; }
};

// Comments and space are left out. What is not closed reaches to the end of the text.
std::vector<SqlToken> sql_tokens(std::string_view sql);

// The tokens between semicolons; empty statements are left out.
std::vector<std::vector<SqlToken>> sql_statements(std::string_view sql);

// A name that stands in SQL without quotes: lower case, digits, '_', at most 63 bytes.
bool is_plain_name(std::string_view name);

}  // namespace calixo::host
