// Programs of the embedded PostgreSQL as child processes: dropped to an unprivileged user, in a
// session of their own (a terminal's Ctrl-C is the server's, not theirs), ended with their parent.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "db/child_user.hpp"

namespace calixo::host {

struct ChildCommand {
  std::vector<std::string> arguments;  // the first is the program's path
  std::filesystem::path folder;        // its working directory
  std::filesystem::path log;           // standard output and error are appended
  std::string input;                   // standard input; at most a pipe's 64 KiB
  int parent_death_signal = 0;         // sent when the starting *thread* ends; 0: none
};

// The child's process id. Throws std::runtime_error naming the step that failed.
pid_t start_child(const ChildCommand& command, const ChildUser& user);

// The wait status once it ended; nullopt after `patience`.
std::optional<int> wait_for_child(pid_t pid, std::chrono::milliseconds patience);

// Its liveness, leaving the exit status for wait_for_child. [any-thread]
bool is_child_running(pid_t pid);

// The end of a log file, for an error message.
std::string last_lines(const std::filesystem::path& file, std::size_t count);

}  // namespace calixo::host
