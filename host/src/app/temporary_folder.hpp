// A folder in $TMPDIR that others may enter (the embedded PostgreSQL runs as another user), removed
// with all it holds.
#pragma once

#include <filesystem>
#include <string>

namespace calixo::host {

class TemporaryFolder {
 public:
  // Throws std::runtime_error where it can't be made.
  explicit TemporaryFolder(const std::string& name);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace calixo::host
