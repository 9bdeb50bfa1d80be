// Says when files below a folder change, by inotify. Of one thread.
#pragma once

#include <filesystem>
#include <map>
#include <vector>

namespace calixo::host {

class SourceWatch {
 public:
  // Hidden folders and those of `excluded` are left out. Throws std::runtime_error where the folder
  // can't be watched, or holds more than 2000 folders.
  SourceWatch(std::filesystem::path folder, std::vector<std::filesystem::path> excluded);
  ~SourceWatch();
  SourceWatch(const SourceWatch&) = delete;
  SourceWatch& operator=(const SourceWatch&) = delete;

  int descriptor() const { return descriptor_; }  // readable where something happened
  // Whether a source changed since the last call; folders made meanwhile are watched from now on.
  bool take_changes();

 private:
  void add(const std::filesystem::path& folder);
  bool is_excluded(const std::filesystem::path& folder) const;

  std::vector<std::filesystem::path> excluded_;
  int descriptor_ = -1;
  std::map<int, std::filesystem::path> folders_;  // by watch
};

}  // namespace calixo::host
