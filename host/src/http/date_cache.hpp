// The Date field's value, formatted once a second. Not thread-safe: every loop owns one.
#pragma once

#include <ctime>
#include <string_view>

#include "runtime/deadline.hpp"

namespace calixo::host {

class DateCache {
 public:
  // IMF-fixdate (RFC 9110, section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
  std::string_view text(MonotonicClock::time_point now) {
    if (now >= renew_at_) renew(now);
    return {text_, size_};
  }
  // Unix seconds, at most one second old.
  std::time_t unix_time_s(MonotonicClock::time_point now) {
    if (now >= renew_at_) renew(now);
    return time_s_;
  }

 private:
  void renew(MonotonicClock::time_point now) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    time_s_ = wall.tv_sec;
    renew_at_ = now + std::chrono::nanoseconds(1'000'000'000 - wall.tv_nsec);
    std::tm parts{};
    ::gmtime_r(&time_s_, &parts);
    char form[32];  // %a and %b follow the locale, which the field must not
    std::strftime(form, sizeof form, "%d %%s %Y %H:%M:%S GMT", &parts);
    const char* const day = kDays[parts.tm_wday];
    const char* const month = kMonths[parts.tm_mon];
    std::string_view rest(form);
    const std::size_t gap = rest.find("%s");
    size_ = 0;
    for (const std::string_view part :
         {std::string_view(day), std::string_view(", "), rest.substr(0, gap),
          std::string_view(month), rest.substr(gap + 2)}) {
      size_ += part.copy(text_ + size_, sizeof text_ - size_);
    }
  }

  char text_[48] = {};
  std::size_t size_ = 0;
  std::time_t time_s_ = 0;
  MonotonicClock::time_point renew_at_{};
};

}  // namespace calixo::host
