// What a check's process tells the command that started it: lines of JSON over a pipe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

namespace calixo::host {

struct CheckFinding {
  std::string subject;  // "POST /api/things", "start"
  std::string cause;
  std::string way_out;
  bool is_warning = false;
};

// A check's side. Not thread-safe.
class CheckReport {
 public:
  explicit CheckReport(int descriptor) : descriptor_(descriptor) {}

  // What is done next: named where the process ends in the middle of it.
  void begin_case(std::string_view subject, std::string_view detail = {});
  void finding(const CheckFinding& finding);
  // What was looked at, for the line of a check that passes.
  void summary(std::string_view text);
  // A value for the command itself.
  void fact(std::string_view name, boost::json::value value);
  void end();
  // Ends the process without unwinding: the plugin holds a thread and won't give it back. The
  // check goes on in a new process without the present subject.
  [[noreturn]] void abandon();

 private:
  void send(const boost::json::value& line);

  int descriptor_;
};

// The command's side: what the lines of one process said.
struct CheckTold {
  std::vector<CheckFinding> findings;
  std::string subject, detail;  // of the last case that began
  std::string summary;
  boost::json::object facts;
  bool has_ended = false;

  // Takes one line; one that is not JSON is left out.
  void take(std::string_view line);
};

constexpr int kExitAbandoned = 3;

}  // namespace calixo::host
