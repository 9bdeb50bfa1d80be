#include "log/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace calixo::host {
namespace {

// Fields of /proc/self/stat as proc(5) numbers them; the first two (pid, comm) are left out.
struct ProcessStat {
  double user_ticks = 0, system_ticks = 0, threads = 0, start_ticks = 0, virtual_bytes = 0,
         resident_pages = 0;
};

ProcessStat read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  // The command's name stands in parentheses and may hold blanks and parentheses.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  ProcessStat stat;
  std::string field;
  for (int number = 3; fields >> field; ++number) {
    const auto value = [&] { return std::stod(field); };
    if (number == 14) stat.user_ticks = value();
    if (number == 15) stat.system_ticks = value();
    if (number == 20) stat.threads = value();
    if (number == 22) stat.start_ticks = value();
    if (number == 23) stat.virtual_bytes = value();
    if (number == 24) stat.resident_pages = value();
  }
  return stat;
}

double boot_time_s() {
  std::ifstream file("/proc/stat");
  std::string name;
  double value = 0;
  while (file >> name) {
    if (name == "btime" && file >> value) return value;
    file.ignore(1 << 20, '\n');
  }
  return 0;
}

double open_descriptors() {
  std::error_code error;
  double count = -1;  // the folder's own
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    ++count;
  }
  return std::max(count, 0.0);
}

double descriptors_max() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

MetricFamilyData single(const char* name, const char* help, MetricType type, double value) {
  MetricSample sample;
  sample.value = value;
  return {name, help, type, {std::move(sample)}};
}

}  // namespace

std::vector<MetricFamilyData> process_metrics() {
  static const double boot_s = boot_time_s();
  const double ticks_per_s = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const double page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));
  const ProcessStat stat = read_stat();
  const auto gauge = [](const char* name, const char* help, double value) {
    return single(name, help, MetricType::gauge, value);
  };
  return {
      single("process_cpu_seconds_total", "CPU time spent, user and system.", MetricType::counter,
             (stat.user_ticks + stat.system_ticks) / ticks_per_s),
      gauge("process_resident_memory_bytes", "Memory in RAM.", stat.resident_pages * page_bytes),
      gauge("process_virtual_memory_bytes", "Address space.", stat.virtual_bytes),
      gauge("process_open_fds", "Open descriptors.", open_descriptors()),
      gauge("process_max_fds", "Most descriptors that may be open.", descriptors_max()),
      gauge("process_threads", "Threads.", stat.threads),
      gauge("process_start_time_seconds", "Start, as seconds since 1970.",
            boot_s + stat.start_ticks / ticks_per_s)};
}

}  // namespace calixo::host
