// The unprivileged user that child processes drop to where the server runs as root.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace calixo::host {

struct ChildUser {
  bool is_drop = false;  // false: the server is not root, children stay who they are
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;

  // The named user, or "nobody" where it does not exist. Throws where neither does.
  static ChildUser find(const std::string& name);

  // The first folder on the way to `path` that this user can't enter; empty: none.
  std::filesystem::path first_closed_folder(const std::filesystem::path& path) const;

  // Async-signal-safe, for a forked child; false with errno set.
  bool drop() const;
};

}  // namespace calixo::host
