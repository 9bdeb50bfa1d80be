// One check of `calixo validate`: a function in a file of its own, run in a process of its own.
// A new one is written beside the others and entered in check_list.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/installation.hpp"
#include "app/validate/check_report.hpp"

namespace calixo::host {

// What a check works on. Plain values, the same in the command and in the check's process.
struct CheckInput {
  std::string file;                   // the plugin library, absolute
  std::vector<std::string> with;      // libraries that have to be loaded beside it, absolute
  Sources sources;                    // configuration as the command was given it
  std::string database_url;           // a scratch database; empty for a check that needs none
  std::uint64_t seed = 1;             // of everything random
  std::chrono::milliseconds time{0};  // for what could go on for ever
  std::vector<std::string> skipped;   // subjects that ended an earlier process of this check

  bool is_skipped(std::string_view subject) const;
};

struct Check {
  std::string_view name;        // "failures"
  std::string_view claim;       // what holds where it passes
  std::string_view crash_hint;  // the way out where the plugin ended the process
  bool needs_database = true;
  void (*run)(const CheckInput& input, CheckReport& report) = nullptr;
};

// All of them, in the order in which they run. The first tells which plugins the others load, the
// second migrates the database that the others use; neither may fail.
const std::vector<Check>& checks();
// nullptr: there is none of that name.
const Check* find_check(std::string_view name);

void check_entry(const CheckInput& input, CheckReport& report);
void check_manifest(const CheckInput& input, CheckReport& report);
void check_migrations(const CheckInput& input, CheckReport& report);
void check_lifecycle(const CheckInput& input, CheckReport& report);
void check_failures(const CheckInput& input, CheckReport& report);
void check_cancellation(const CheckInput& input, CheckReport& report);
void check_catch(const CheckInput& input, CheckReport& report);
void check_stack(const CheckInput& input, CheckReport& report);
void check_loop(const CheckInput& input, CheckReport& report);
void check_inputs(const CheckInput& input, CheckReport& report);

}  // namespace calixo::host
