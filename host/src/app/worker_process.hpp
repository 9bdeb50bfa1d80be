// One worker process as the supervisor keeps it: the process, and what it told.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "app/child_process.hpp"
#include "app/worker_told.hpp"

namespace calixo::host {

class WorkerProcess {
 public:
  using Clock = std::chrono::steady_clock;

  // Throws std::runtime_error where the process can't be made.
  explicit WorkerProcess(const ChildProcess::Options& options) : process_(options) {}

  pid_t id() const { return process_.id(); }
  int report_descriptor() const { return process_.report_descriptor(); }
  void signal(int number) const { process_.signal(number); }
  // SIGTERM now, SIGKILL once `patience` is over.
  void end(std::chrono::milliseconds patience);
  // Kills it where its patience is over; true where it did. Once.
  bool kill_if_late(Clock::time_point now);
  std::optional<Clock::time_point> kill_at() const { return kill_at_; }

  // Reads what the worker told since.
  void read();
  const WorkerTold& told() const { return told_; }

  // The wait status once it ended; all that it told has then been read.
  bool has_ended(int& wait_status);

  std::chrono::milliseconds age() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_at_);
  }

 private:
  ChildProcess process_;
  std::string unread_;  // without a line's end yet
  WorkerTold told_;
  Clock::time_point started_at_ = Clock::now();
  std::optional<Clock::time_point> kill_at_;
};

}  // namespace calixo::host
