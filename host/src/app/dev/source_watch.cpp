#include "app/dev/source_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace calixo::host {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFoldersMax = 2000;
constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ONLYDIR;

// Editors' swap and backup files, and what is hidden.
bool is_no_source(std::string_view name) {
  return name.empty() || name.front() == '.' || name.back() == '~' || name.ends_with(".swp");
}

}  // namespace

SourceWatch::SourceWatch(fs::path folder, std::vector<fs::path> excluded)
    : excluded_(std::move(excluded)), descriptor_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (descriptor_ < 0) {
    throw std::runtime_error(std::string("can't watch files: ") + std::strerror(errno) +
                             "; raise fs.inotify.max_user_instances");
  }
  add(folder);
}

SourceWatch::~SourceWatch() { ::close(descriptor_); }

bool SourceWatch::is_excluded(const fs::path& folder) const {
  return std::find(excluded_.begin(), excluded_.end(), folder) != excluded_.end();
}

void SourceWatch::add(const fs::path& folder) {
  if (is_excluded(folder)) return;
  if (folders_.size() >= kFoldersMax) {
    throw std::runtime_error(folder.string() +
                             ": more than 2000 folders to watch; is it a plugin's folder?");
  }
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), kEvents);
  if (watch < 0 && folders_.empty()) {
    throw std::runtime_error("can't watch " + folder.string() + ": " + std::strerror(errno));
  }
  if (watch < 0) return;  // gone again, or not to be read
  folders_[watch] = folder;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const bool is_folder = entry.is_directory(ignored) && !entry.is_symlink(ignored);
    if (is_folder && !is_no_source(entry.path().filename().string())) add(entry.path());
  }
}

bool SourceWatch::take_changes() {
  bool has_changed = false;
  alignas(inotify_event) char buffer[16384];
  for (;;) {
    const ssize_t size = ::read(descriptor_, buffer, sizeof buffer);
    if (size <= 0) return has_changed;
    for (ssize_t at = 0; at < size;) {
      const auto& event = *reinterpret_cast<const inotify_event*>(buffer + at);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event.len);
      if ((event.mask & IN_Q_OVERFLOW) != 0) has_changed = true;
      if ((event.mask & IN_IGNORED) != 0) folders_.erase(event.wd);
      const std::string name = event.len > 0 ? event.name : "";
      const auto folder = folders_.find(event.wd);
      if (folder == folders_.end() || is_no_source(name)) continue;
      const fs::path changed = folder->second / name;
      if (is_excluded(changed)) continue;
      const bool is_folder = (event.mask & IN_ISDIR) != 0;
      if (is_folder && (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) add(changed);
      // A file that was only made: its writing follows.
      has_changed |= is_folder || (event.mask & IN_CREATE) == 0;
    }
  }
}

}  // namespace calixo::host
