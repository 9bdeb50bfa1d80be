#include "db/sql_lexer.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace calixo::host {
namespace {

constexpr std::size_t kNameBytesMax = 63;  // PostgreSQL cuts longer ones

// As PostgreSQL's scanner has it: every byte beyond ASCII belongs to a name.
bool is_name_start(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) != 0 || c == '_' || byte >= 0x80;
}
bool is_name_part(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return 0;
    const char low = lower(c);
    value = value * 16 + static_cast<std::uint32_t>(low <= '9' ? low - '0' : low - 'a' + 10);
  }
  return value;
}

void append_utf8(std::string& text, std::uint32_t point) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xc0 | point >> 6);
  } else if (point < 0x10000) {
    byte(0xe0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3f));
  } else {
    byte(0xf0 | (point >> 18 & 0x07));
    byte(0x80 | (point >> 12 & 0x3f));
    byte(0x80 | (point >> 6 & 0x3f));
  }
  byte(0x80 | (point & 0x3f));
}

// U&'d\0061t\+000061': four or six hexadecimal digits behind the escape character.
std::string decode_unicode(std::string_view text, char escape) {
  std::string decoded;
  while (!text.empty()) {
    if (text[0] != escape || text.size() == 1) {
      decoded += text[0];
      text.remove_prefix(1);
    } else if (text[1] == escape) {
      decoded += escape;
      text.remove_prefix(2);
    } else {
      const std::size_t head = text[1] == '+' ? 2 : 1, count = text[1] == '+' ? 6 : 4;
      append_utf8(decoded, hex_value(text.substr(head, count)));
      text.remove_prefix(std::min(head + count, text.size()));
    }
  }
  return decoded;
}

// E'…': what stands behind a backslash. Octal and hexadecimal digits, \u and \U as well.
std::size_t decode_backslash(std::string_view rest, std::string& text) {
  const char kind = rest[0];
  const auto is_digit_at = [&](std::size_t i, bool hexadecimal) {
    if (i >= rest.size()) return false;
    const auto c = static_cast<unsigned char>(rest[i]);
    return hexadecimal ? std::isxdigit(c) != 0 : c >= '0' && c <= '7';
  };
  if (kind == 'u' || kind == 'U') {
    const std::size_t count = kind == 'u' ? 4 : 8;
    append_utf8(text, hex_value(rest.substr(1, count)) & 0x1fffff);
    return std::min(1 + count, rest.size());
  }
  if (kind == 'x' && is_digit_at(1, true)) {
    const std::size_t count = is_digit_at(2, true) ? 2 : 1;
    text += static_cast<char>(hex_value(rest.substr(1, count)));
    return 1 + count;
  }
  if (is_digit_at(0, false)) {
    std::size_t count = 0;
    unsigned value = 0;
    while (count < 3 && is_digit_at(count, false)) {
      value = value * 8 + static_cast<unsigned>(rest[count++] - '0');
    }
    text += static_cast<char>(value);
    return count;
  }
  static constexpr std::string_view kLetters = "bfnrt", kMeant = "\b\f\n\r\t";
  const std::size_t at = kLetters.find(kind);
  text += at == std::string_view::npos ? kind : kMeant[at];
  return 1;
}

class Lexer {
 public:
  explicit Lexer(std::string_view sql) : sql_(sql) {}

  std::vector<SqlToken> run() {
    while (skip_blank()) {
      begin_ = at_;
      take_token();
    }
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
  }
  bool starts(std::string_view with) const { return sql_.substr(at_).starts_with(with); }
  void add(SqlTokenKind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), begin_});
  }

  // False at the end. Block comments nest.
  bool skip_blank() {
    while (at_ < sql_.size()) {
      if (starts("--")) {
        at_ = std::min(sql_.find_first_of("\r\n", at_), sql_.size());
      } else if (starts("/*")) {
        skip_comment();
      } else if (is_space(sql_[at_])) {
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  void skip_comment() {
    std::size_t depth = 0;
    do {
      const bool opens = starts("/*"), closes = starts("*/");
      depth += opens ? 1 : 0;
      depth -= closes ? 1 : 0;
      at_ += opens || closes ? 2 : 1;
    } while (depth > 0 && at_ < sql_.size());
    at_ = std::min(at_, sql_.size());
  }

  void take_token() {
    const char c = lower(peek());
    if (c == '\'') return add(SqlTokenKind::literal, quoted('\'', false));
    if (c == '"') return add(SqlTokenKind::name, quoted('"', false));
    if (c == 'u' && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) return take_unicode();
    if (c == 'e' && peek(1) == '\'') return take_prefixed(true);
    if ((c == 'b' || c == 'x' || c == 'n') && peek(1) == '\'') return take_prefixed(false);
    if (c == '$' && take_dollar()) return;
    if (is_name_start(c)) return take_word();
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) return take_number();
    ++at_;
    add(SqlTokenKind::other, std::string(1, c));
  }

  void take_prefixed(bool backslashes) {
    ++at_;
    add(SqlTokenKind::literal, quoted('\'', backslashes));
  }

  // From the opening quote past the closing one; a doubled quote is one of the text.
  std::string quoted(char quote, bool backslashes) {
    std::string text;
    ++at_;
    while (at_ < sql_.size()) {
      const char c = sql_[at_++];
      if (c == quote) {
        if (peek() == quote) {
          ++at_;
          text += quote;
        } else if (quote != '\'' || !skip_to_continuation()) {
          return text;
        }
      } else if (backslashes && c == '\\' && at_ < sql_.size()) {
        at_ += decode_backslash(sql_.substr(at_), text);
      } else {
        text += c;
      }
    }
    return text;
  }

  // A text goes on in the next one, in the same spelling, where space with a line's end (and line
  // comments) alone is between them.
  bool skip_to_continuation() {
    bool has_newline = false;
    std::size_t next = at_;
    while (next < sql_.size()) {
      if (sql_.substr(next).starts_with("--")) {
        next = std::min(sql_.find_first_of("\r\n", next), sql_.size());
      } else if (is_space(sql_[next])) {
        has_newline = has_newline || sql_[next] == '\n' || sql_[next] == '\r';
        ++next;
      } else {
        break;
      }
    }
    if (!has_newline || next >= sql_.size() || sql_[next] != '\'') return false;
    at_ = next + 1;
    return true;
  }

  void take_unicode() {
    at_ += 2;
    const char quote = peek();
    const std::string raw = quoted(quote, false);
    add(quote == '"' ? SqlTokenKind::name : SqlTokenKind::literal, decode_unicode(raw, uescape()));
  }

  // UESCAPE '!' behind a U& text chooses its escape character; it is eaten as well.
  char uescape() {
    const std::size_t before = at_;
    constexpr std::string_view kWord = "uescape";
    if (skip_blank() && sql_.size() - at_ >= kWord.size() &&
        std::equal(kWord.begin(), kWord.end(), sql_.begin() + static_cast<std::ptrdiff_t>(at_),
                   [](char a, char b) { return a == lower(b); })) {
      at_ += kWord.size();
      if (skip_blank() && peek() == '\'') {
        const std::string chosen = quoted('\'', false);
        if (chosen.size() == 1) return chosen[0];
      }
    }
    at_ = before;
    return '\\';
  }

  bool take_dollar() {
    std::size_t end = at_ + 1;
    if (end < sql_.size() && is_name_start(sql_[end])) {
      while (end < sql_.size() && is_name_part(sql_[end]) && sql_[end] != '$') ++end;
    }
    if (end >= sql_.size() || sql_[end] != '$') return false;
    const std::string_view tag = sql_.substr(at_, end + 1 - at_);
    const std::size_t body = end + 1, close = std::min(sql_.find(tag, body), sql_.size());
    at_ = std::min(close + tag.size(), sql_.size());
    add(SqlTokenKind::literal, std::string(sql_.substr(body, close - body)));
    return true;
  }

  void take_word() {
    std::string word;
    while (at_ < sql_.size() && is_name_part(sql_[at_])) word += lower(sql_[at_++]);
    add(SqlTokenKind::word, std::move(word));
  }

  void take_number() {
    std::string number;
    while (at_ < sql_.size() && (std::isdigit(static_cast<unsigned char>(sql_[at_])) != 0)) {
      number += sql_[at_++];
    }
    add(SqlTokenKind::other, std::move(number));
  }

  std::string_view sql_;
  std::size_t at_ = 0, begin_ = 0;
  std::vector<SqlToken> tokens_;
};

}  // namespace

bool is_plain_name(std::string_view name) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), is_part) &&
         std::isdigit(static_cast<unsigned char>(name[0])) == 0;
}

std::vector<SqlToken> sql_tokens(std::string_view sql) { return Lexer(sql).run(); }

std::vector<std::vector<SqlToken>> sql_statements(std::string_view sql) {
  std::vector<std::vector<SqlToken>> all(1);
  for (SqlToken& token : sql_tokens(sql)) {
    if (!token.is_sign(';')) {
      all.back().push_back(std::move(token));
    } else if (!all.back().empty()) {
      all.emplace_back();
    }
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

}  // namespace calixo::host
