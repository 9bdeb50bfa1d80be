// Pulls values out of one JSON text (RFC 8259), strictly and without building a tree: valid UTF-8,
// no repeated key, no more than 32 levels. Throws MalformedJson where the text is none.
// Not thread-safe: one reader a text.
#pragma once

#include <calixo/detail/text.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::detail {

struct MalformedJson {
  const char* reason;
  std::size_t offset;  // bytes from the beginning
};

class JsonReader {
 public:
  static constexpr int kDepthMax = 32;

  explicit JsonReader(std::string_view text)
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {}

  // The first byte of the next value, '\0' at the end. Nothing is consumed but space.
  char peek() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }

  // Goes into an object or array; each is followed by next_key or next_item until they say false.
  void enter(char bracket) {
    expect(bracket);
    if (++depth_ > kDepthMax) fail("nested too deeply");
    is_first_ = true;
  }
  // The next member's key, in a view good until the reader is used again; false past the last.
  bool next_key(std::string_view& key) {
    if (!next('}')) return false;
    if (peek() != '"') fail("a key must be a string");
    key = text();
    peek();
    expect(':');
    return true;
  }
  bool next_item() { return next(']'); }

  // A string's characters, unescaped; the view is good until the reader is used again.
  std::string_view text();
  // A number's characters, with its grammar checked.
  std::string_view number();
  bool boolean() {
    if (*at_ == 't') {
      word("true");
      return true;
    }
    word("false");
    return false;
  }
  void null() { word("null"); }

  // Goes over the next value whatever it is, checking all of it; returns its text.
  std::string_view skip();

  // Nothing but space may be left.
  void finish() {
    if (peek() != '\0' || at_ != end_) fail("text after the value");
  }
  int depth() const { return depth_; }

  [[noreturn]] void fail(const char* reason) const {
    throw MalformedJson{reason, static_cast<std::size_t>(at_ - begin_)};
  }

 private:
  void expect(char c) {
    if (at_ == end_ || *at_ != c) fail(at_ == end_ ? "ends too early" : "an unexpected character");
    ++at_;
  }
  void word(std::string_view expected) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(expected)) {
      fail("an unexpected character");
    }
    at_ += expected.size();
  }
  bool next(char closing) {
    const char c = peek();
    if (c == closing) {
      ++at_;
      --depth_;
      is_first_ = false;
      return false;
    }
    if (!is_first_) {
      expect(',');
      peek();
    }
    is_first_ = false;
    return true;
  }
  void escape();
  std::uint32_t hexadecimal();
  void skip_object();

  const char* begin_;
  const char* at_;
  const char* end_;
  int depth_ = 0;
  bool is_first_ = false;  // no comma is due: reset by the value that follows
  std::string scratch_;
};

// Whether one of eight bytes ends a run of plain text: a quote, a backslash, a control byte, or
// the first of a UTF-8 sequence.
inline bool has_special(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHigh = 0x8080808080808080;
  const auto zero_in = [](std::uint64_t x) { return (x - kOnes) & ~x & kHigh; };
  return (zero_in(bytes ^ kOnes * '"') | zero_in(bytes ^ kOnes * '\\') |
          ((bytes - kOnes * 0x20) & ~bytes & kHigh) | (bytes & kHigh)) != 0;
}

inline std::string_view JsonReader::text() {
  ++at_;  // the quote that peek has seen
  const char* run = at_;
  bool is_copied = false;
  for (;;) {
    while (end_ - at_ >= 8) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, at_, sizeof bytes);
      if (has_special(bytes)) break;
      at_ += 8;
    }
    if (at_ == end_) fail("ends within a string");
    const auto c = static_cast<unsigned char>(*at_);
    if (c == '"') break;
    if (c == '\\') {
      if (!is_copied) scratch_.clear();
      is_copied = true;
      scratch_.append(run, at_);
      escape();
      run = at_;
    } else if (c < 0x20) {
      fail("a control character within a string");
    } else {
      const std::size_t size = utf8_sequence(at_, end_);
      if (size == 0) fail("not UTF-8");
      at_ += size;
    }
  }
  const std::string_view last(run, static_cast<std::size_t>(at_ - run));
  ++at_;
  if (!is_copied) return last;
  scratch_.append(last);
  return scratch_;
}

inline std::uint32_t JsonReader::hexadecimal() {
  std::uint32_t value = 0;
  const char* const end = end_ - at_ < 4 ? end_ : at_ + 4;
  const auto [stop, error] = std::from_chars(at_, end, value, 16);
  if (error != std::errc() || stop != at_ + 4) fail("an invalid escape");
  at_ += 4;
  return value;
}

inline void JsonReader::escape() {
  if (end_ - at_ < 2) fail("ends within a string");
  const char c = at_[1];
  at_ += 2;
  if (c != 'u') {
    constexpr std::string_view kNames = "\"\\/bfnrt", kBytes = "\"\\/\b\f\n\r\t";
    const std::size_t index = kNames.find(c);
    if (index == std::string_view::npos) fail("an invalid escape");
    scratch_ += kBytes[index];
    return;
  }
  std::uint32_t point = hexadecimal();
  if (point >= 0xdc00 && point <= 0xdfff) fail("half of a surrogate pair");
  if (point >= 0xd800 && point <= 0xdbff) {
    if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u') fail("half of a surrogate pair");
    at_ += 2;
    const std::uint32_t low = hexadecimal();
    if (low < 0xdc00 || low > 0xdfff) fail("half of a surrogate pair");
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(scratch_, point);
}

inline std::string_view JsonReader::number() {
  const char* const start = at_;
  while (at_ != end_ && ((*at_ >= '0' && *at_ <= '9') || *at_ == '-' || *at_ == '+' ||
                         *at_ == '.' || *at_ == 'e' || *at_ == 'E')) {
    ++at_;
  }
  const std::string_view text(start, static_cast<std::size_t>(at_ - start));
  if (!is_number(text)) fail(text.empty() ? "an unexpected character" : "an invalid number");
  return text;
}

inline void JsonReader::skip_object() {
  std::vector<std::string> keys;
  std::string_view key;
  enter('{');
  while (next_key(key)) {
    keys.emplace_back(key);
    skip();
  }
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) fail("a repeated key");
}

inline std::string_view JsonReader::skip() {
  const char c = peek();
  const char* const start = at_;
  switch (c) {
    case '{':
      skip_object();
      break;
    case '[':
      enter('[');
      while (next_item()) skip();
      break;
    case '"':
      text();
      break;
    case 't':
    case 'f':
      boolean();
      break;
    case 'n':
      null();
      break;
    case '\0':
      fail("ends too early");
    default:
      number();
  }
  return {start, static_cast<std::size_t>(at_ - start)};
}

}  // namespace calixo::detail
