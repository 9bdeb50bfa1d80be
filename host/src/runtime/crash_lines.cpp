#include "runtime/crash_lines.hpp"

#include <sys/uio.h>
#include <unistd.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>

namespace calixo::host::crash_report {
namespace {

constexpr std::size_t kRangesMax = 256;
constexpr std::size_t kNameBytesMax = 63;
constexpr int kFramesMax = 4096;
constexpr std::size_t kLabelBytesMax = 512;  // a line stays below PIPE_BUF and so in one piece

struct CodeRange {
  std::uintptr_t begin = 0, end = 0;
  std::array<char, kNameBytesMax + 1> name{};
};
std::array<CodeRange, kRangesMax> ranges;
std::atomic<std::size_t> range_count{0};
std::atomic<int> supervisor{-1};

template <class... Parts>
void write_line(int descriptor, Parts... parts) {
  const std::array<std::string_view, sizeof...(parts)> all{parts...};
  std::array<iovec, sizeof...(parts)> vectors;
  for (std::size_t i = 0; i < all.size(); ++i) {
    vectors[i] = {const_cast<char*>(all[i].data()), std::min(all[i].size(), kLabelBytesMax)};
  }
  [[maybe_unused]] const ssize_t written =
      ::writev(descriptor, vectors.data(), static_cast<int>(vectors.size()));
}

const CodeRange* range_of(std::uintptr_t address) {
  const std::size_t count = range_count.load(std::memory_order_acquire);
  for (std::size_t i = 0; i < count; ++i) {
    if (address >= ranges[i].begin && address < ranges[i].end) return &ranges[i];
  }
  return nullptr;
}

struct Walk {
  const CodeRange* found = nullptr;
  int frames = 0;
};

_Unwind_Reason_Code look_at_frame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  walk.found = range_of(_Unwind_GetIP(context));
  return walk.found != nullptr || ++walk.frames >= kFramesMax ? _URC_END_OF_STACK : _URC_NO_REASON;
}

}  // namespace

void set_supervisor_descriptor(int descriptor) { supervisor = descriptor; }

void add_code_range(std::string_view plugin, const void* begin, const void* end) {
  const std::size_t at = range_count.load(std::memory_order_relaxed);
  if (at >= kRangesMax) return;  // then labels alone tell
  CodeRange& range = ranges[at];
  range.begin = reinterpret_cast<std::uintptr_t>(begin);
  range.end = reinterpret_cast<std::uintptr_t>(end);
  std::memcpy(range.name.data(), plugin.data(), std::min(plugin.size(), kNameBytesMax));
  range_count.store(at + 1, std::memory_order_release);
}

void write_report(std::string_view kind, std::string_view what, std::string_view label) {
  write_line(STDERR_FILENO, "calixo: ", what, " in ", label, "\n");
  const int descriptor = supervisor.load(std::memory_order_relaxed);
  if (descriptor >= 0) write_line(descriptor, kind, "\t", what, "\t", label, "\n");
}

void write_culprit() {
  Walk walk;
  _Unwind_Backtrace(&look_at_frame, &walk);
  if (walk.found == nullptr) return;
  const std::string_view name(walk.found->name.data());
  write_line(STDERR_FILENO, "calixo: in the code of plugin ", name, "\n");
  const int descriptor = supervisor.load(std::memory_order_relaxed);
  if (descriptor >= 0) write_line(descriptor, "culprit\t", name, "\n");
}

}  // namespace calixo::host::crash_report
