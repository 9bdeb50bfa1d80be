// Where an embedded cluster keeps its files, and the lock that keeps a second server away.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "db/child_user.hpp"

namespace calixo::host {

struct ClusterFolders {
  std::filesystem::path server;   // the server's data folder, absolute
  std::filesystem::path base;     // server/postgres, the unprivileged user's, closed to others
  std::filesystem::path cluster;  // base/cluster: PostgreSQL's data directory
  std::filesystem::path
      sockets;                // base, or a short folder elsewhere: a socket's path has 107 bytes
  std::filesystem::path log;  // base/log

  static ClusterFolders of(const std::filesystem::path& data_folder);

  // Makes those that are missing. Throws where the user can't reach them.
  void create(const ChildUser& user) const;
};

// An exclusive lock on a file, held until destruction or the end of the process, however it ends.
class FolderLock {
 public:
  // Throws std::runtime_error where another process holds it.
  explicit FolderLock(const std::filesystem::path& file);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

// PostgreSQL's programs for this cluster: the wanted folder, or the newest installed; for a cluster
// that exists, the version that made it. Throws where there is none.
std::string find_bin_folder(const std::string& wanted, const std::filesystem::path& cluster);

// A value of a libpq connection string.
std::string quote_value(std::string_view value);

}  // namespace calixo::host
