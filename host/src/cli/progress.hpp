// Shows that something long goes on: on a terminal one line that renews itself, elsewhere a line at
// the start, at every tenth of the way and at the end. One thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>

namespace calixo::host {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  // total: the steps there are; 0 where nobody knows, then a spinner turns at each call.
  Progress(std::ostream& out, bool is_terminal, std::string title, std::size_t total = 0,
           std::function<Clock::time_point()> now = &Clock::now);
  ~Progress();  // ends the line as failed where finish wasn't called
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::size_t done, std::string_view what = {});  // what: the present step
  void finish();

 private:
  std::string elapsed_text() const;
  void end_line(std::string_view how);
  void redraw(std::string_view what);
  void write_tenths();
  std::size_t percent() const;

  std::ostream& out_;
  const bool is_terminal_;
  const std::string title_;
  const std::size_t total_;
  const std::function<Clock::time_point()> now_;
  const Clock::time_point begin_;
  std::size_t done_ = 0, turns_ = 0, tenths_written_ = 0;
  bool is_ended_ = false;
};

// Whether the descriptor is a terminal that understands more than lines.
bool is_terminal(int descriptor);

}  // namespace calixo::host
