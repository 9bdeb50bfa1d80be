#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "log/line.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kSpinner = "|/-\\";
constexpr const char* kBeginLine = "\r\x1b[2K";  // and clears it

}  // namespace

Progress::Progress(std::ostream& out, bool is_on_terminal, std::string title, std::size_t total,
                   std::function<Clock::time_point()> now)
    : out_(out),
      is_terminal_(is_on_terminal),
      title_(std::move(title)),
      total_(total),
      now_(std::move(now)),
      begin_(now_()) {
  if (is_terminal_) {
    redraw({});
  } else {
    out_ << title_ << " ..." << std::endl;
  }
}

Progress::~Progress() {
  if (!is_ended_) end_line("failed");
}

void Progress::advance(std::size_t done, std::string_view what) {
  if (is_ended_) return;
  done_ = total_ == 0 ? done : std::min(done, total_);
  ++turns_;
  if (is_terminal_) {
    redraw(what);
  } else {
    write_tenths();
  }
}

void Progress::finish() {
  if (!is_ended_) end_line("done");
}

std::string Progress::elapsed_text() const {
  const double seconds = std::chrono::duration<double>(now_() - begin_).count();
  char buffer[64];
  if (seconds < 60) {
    std::snprintf(buffer, sizeof buffer, "%.1f s", seconds);
  } else {
    const auto whole = static_cast<long>(seconds);
    std::snprintf(buffer, sizeof buffer, "%ld min %02ld s", whole / 60, whole % 60);
  }
  return buffer;
}

void Progress::end_line(std::string_view how) {
  is_ended_ = true;
  if (is_terminal_) out_ << kBeginLine;
  out_ << title_ << ": " << how << " in " << elapsed_text() << std::endl;
}

void Progress::redraw(std::string_view what) {
  std::string line = kBeginLine;
  if (total_ == 0) {
    line += kSpinner[turns_ % kSpinner.size()];
  } else {
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "%3zu %%", percent());
    line += buffer;
  }
  line += " " + title_ + (what.empty() ? "" : ": ");
  log::append_printable(line, what);
  out_ << line << " (" << elapsed_text() << ")" << std::flush;
}

void Progress::write_tenths() {
  if (total_ == 0) return;
  const std::size_t tenths = percent() / 10;
  if (tenths <= tenths_written_ || tenths >= 10) return;  // the end has its own line
  tenths_written_ = tenths;
  out_ << title_ << ": " << tenths * 10 << " % after " << elapsed_text() << std::endl;
}

std::size_t Progress::percent() const {
  return static_cast<std::size_t>(100.0 * static_cast<double>(done_) / static_cast<double>(total_));
}

bool is_terminal(int descriptor) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
  const char* const kind = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace calixo::host
