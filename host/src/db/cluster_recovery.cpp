#include "db/cluster_recovery.hpp"

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "log/log.hpp"

namespace calixo::host {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::optional<pid_t> pid_in(const fs::path& file) {
  std::ifstream stream(file);
  long pid = 0;
  if (!(stream >> pid) || pid <= 1) return std::nullopt;
  return static_cast<pid_t>(pid);
}

// Every postgres process has its cluster as working directory; a reused pid has another.
bool works_in(pid_t pid, const fs::path& cluster) {
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/" + std::to_string(pid) + "/cwd", error);
  if (error || folder != cluster) return false;
  std::ifstream name("/proc/" + std::to_string(pid) + "/comm");
  std::string comm;
  std::getline(name, comm);
  return comm == "postgres";
}

std::vector<pid_t> processes_of(const fs::path& cluster) {
  std::vector<pid_t> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (fault != std::errc() || end != name.data() + name.size()) continue;
    if (works_in(pid, cluster)) found.push_back(pid);
  }
  return found;
}

bool wait_until(milliseconds patience, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

void stop_postmaster(pid_t pid, const fs::path& cluster) {
  log::warn("stopping orphaned postgres", {{"pid", pid}, {"cluster", cluster.string()}});
  const auto is_gone = [&] { return !works_in(pid, cluster); };
  for (const auto& [number, patience] : {std::pair(SIGINT, seconds(10)), {SIGQUIT, seconds(5)}}) {
    ::kill(pid, number);
    if (wait_until(patience, is_gone)) return;
  }
}

// Backends of a postmaster that was killed: they hold its shared memory until they notice.
void stop_strays(const fs::path& cluster) {
  for (const int number : {SIGQUIT, SIGKILL}) {
    const std::vector<pid_t> strays = processes_of(cluster);
    if (strays.empty()) return;
    for (const pid_t pid : strays) ::kill(pid, number);
    if (wait_until(seconds(5), [&] { return processes_of(cluster).empty(); })) return;
  }
  throw std::runtime_error("processes of an earlier PostgreSQL in " + cluster.string() +
                           " don't end: kill them, then start again");
}

}  // namespace

void clear_leftovers(const fs::path& cluster, const fs::path& sockets) {
  const fs::path pid_file = cluster / "postmaster.pid";
  std::error_code ignored;
  if (fs::exists(pid_file, ignored)) {
    if (const auto pid = pid_in(pid_file); pid && works_in(*pid, cluster)) {
      stop_postmaster(*pid, cluster);
    }
    stop_strays(cluster);
    fs::remove(pid_file, ignored);
  }
  fs::remove(sockets / ".s.PGSQL.5432", ignored);
  fs::remove(sockets / ".s.PGSQL.5432.lock", ignored);
}

}  // namespace calixo::host
