// Points in time: microseconds of UTC, as PostgreSQL's timestamptz holds them.
// Values. [any-thread]
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace calixo {

// A point in time, UTC.
struct Timestamp {
  std::int64_t unix_us = 0;  // microseconds since 1970

  // From whole seconds since 1970.
  static Timestamp from_unix_s(std::int64_t seconds) { return {seconds * 1'000'000}; }
  // RFC 3339: "2026-01-31T12:00:00.5+01:00". Finer than microseconds is cut off. Nothing where it
  // is no such time. Leap seconds are refused, and what in UTC is not of the years 0000 to 9999.
  static std::optional<Timestamp> parse(std::string_view text);
  // As PostgreSQL writes timestamptz: "2026-01-31 12:00:00.5+01".
  static std::optional<Timestamp> parse_sql(std::string_view text);

  // Whole seconds since 1970, rounded down.
  std::int64_t unix_s() const {
    return unix_us >= 0 ? unix_us / 1'000'000 : -((-unix_us + 999'999) / 1'000'000);
  }
  // "2026-01-31T11:00:00.5Z" without needless zeros. Years 0000 to 9999.
  std::string text() const;

  // Later by d.
  Timestamp operator+(std::chrono::microseconds d) const { return {unix_us + d.count()}; }
  // Earlier by d.
  Timestamp operator-(std::chrono::microseconds d) const { return {unix_us - d.count()}; }
  // How much later this is; negative where it is earlier.
  std::chrono::microseconds operator-(Timestamp other) const {
    return std::chrono::microseconds(unix_us - other.unix_us);
  }
  // Earlier is less.
  auto operator<=>(const Timestamp&) const = default;
};

namespace detail {

// Reads fixed-width decimal fields from the front of a text.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool digits(int width, int& value) {
    if (rest_.size() < static_cast<std::size_t>(width)) return false;
    value = 0;
    for (int i = 0; i < width; ++i) {
      const char c = rest_[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(static_cast<std::size_t>(width));
    return true;
  }
  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    last_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  // Digits after a point, in microseconds; the point has been read.
  bool fraction(std::int64_t& microseconds) {
    std::int64_t scale = 100'000;
    std::size_t count = 0;
    microseconds = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count) {
      microseconds += (rest_.front() - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
    }
    return count > 0;
  }
  char last() const { return last_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  char last_ = 0;
};

// Offset from UTC in seconds: "Z", "+01:00"; in SQL's form "+01" and "+01:30" as well.
inline bool read_offset(TimeReader& reader, bool is_sql, std::int64_t& seconds) {
  seconds = 0;
  if (!is_sql && reader.one_of("Zz")) return reader.at_end();
  if (!reader.one_of("+-")) return false;
  const int sign = reader.last() == '-' ? -1 : 1;
  int hours = 0, minutes = 0;
  if (!reader.digits(2, hours) || hours > 23) return false;
  if (reader.at_end()) {
    seconds = sign * hours * 3600;
    return is_sql;
  }
  if (!reader.one_of(":") || !reader.digits(2, minutes) || minutes > 59) return false;
  seconds = sign * (hours * 3600 + minutes * 60);
  return reader.at_end();
}

inline std::optional<Timestamp> read_timestamp(std::string_view text, bool is_sql) {
  TimeReader reader(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!reader.digits(4, year) || !reader.one_of("-") || !reader.digits(2, month) ||
      !reader.one_of("-") || !reader.digits(2, day) || !reader.one_of(is_sql ? " " : "Tt") ||
      !reader.digits(2, hour) || !reader.one_of(":") || !reader.digits(2, minute) ||
      !reader.one_of(":") || !reader.digits(2, second) || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  std::int64_t fraction_us = 0, offset_s = 0;
  if (reader.one_of(".") && !reader.fraction(fraction_us)) return std::nullopt;
  if (!read_offset(reader, is_sql, offset_s)) return std::nullopt;
  namespace ch = std::chrono;
  const ch::year_month_day date{ch::year(year), ch::month(static_cast<unsigned>(month)),
                                ch::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = ch::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86'400 + hour * 3600 + minute * 60 + second - offset_s;
  // With its offset a time at either end may be of a year that four digits can't write.
  constexpr std::int64_t kYear0 = -62'167'219'200, kYear10000 = 253'402'300'800;
  if (seconds < kYear0 || seconds >= kYear10000) return std::nullopt;
  return Timestamp{seconds * 1'000'000 + fraction_us};
}

inline char* put_digits(char* at, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + width;
}

// Writes RFC 3339 text into a buffer of at least 32 bytes; returns its end.
inline char* write_timestamp(char* at, Timestamp time) {
  namespace ch = std::chrono;
  const std::int64_t seconds = time.unix_s();
  auto fraction = static_cast<unsigned>(time.unix_us - seconds * 1'000'000);
  const auto days = ch::floor<ch::days>(ch::sys_seconds(ch::seconds(seconds)));
  const ch::year_month_day date(days);
  const auto of_day = static_cast<unsigned>(seconds - days.time_since_epoch().count() * 86'400);
  at = put_digits(at, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.month()), 2);
  *at++ = '-';
  at = put_digits(at, static_cast<unsigned>(date.day()), 2);
  *at++ = 'T';
  at = put_digits(at, of_day / 3600, 2);
  *at++ = ':';
  at = put_digits(at, of_day / 60 % 60, 2);
  *at++ = ':';
  at = put_digits(at, of_day % 60, 2);
  if (fraction != 0) {
    *at++ = '.';
    int width = 6;
    for (; fraction % 10 == 0; fraction /= 10) --width;
    at = put_digits(at, fraction, width);
  }
  *at++ = 'Z';
  return at;
}

}  // namespace detail

inline std::optional<Timestamp> Timestamp::parse(std::string_view text) {
  return detail::read_timestamp(text, false);
}
inline std::optional<Timestamp> Timestamp::parse_sql(std::string_view text) {
  return detail::read_timestamp(text, true);
}
inline std::string Timestamp::text() const {
  char buffer[40];
  return std::string(buffer, detail::write_timestamp(buffer, *this));
}

}  // namespace calixo
