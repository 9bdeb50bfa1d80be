#include "db/child_user.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace calixo::host {
namespace {

const passwd* look_up(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  return entry != nullptr && entry->pw_uid != 0 ? entry : nullptr;
}

std::vector<gid_t> groups_of(const passwd& entry) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count);
  }
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

}  // namespace

ChildUser ChildUser::find(const std::string& name) {
  ChildUser user;
  if (::geteuid() != 0) return user;
  const passwd* entry = look_up(name);
  if (entry == nullptr) entry = look_up("nobody");
  if (entry == nullptr) {
    throw std::runtime_error("PostgreSQL refuses to run as root and there is neither a user '" +
                             name + "' nor 'nobody' to run it as: create one (useradd --system " +
                             name + ") or start the server as an unprivileged user");
  }
  user.is_drop = true;
  user.name = entry->pw_name;
  user.uid = entry->pw_uid;
  user.gid = entry->pw_gid;
  user.groups = groups_of(*entry);
  return user;
}

std::filesystem::path ChildUser::first_closed_folder(const std::filesystem::path& path) const {
  if (!is_drop) return {};
  std::filesystem::path walked;
  for (const std::filesystem::path& part : path) {
    walked /= part;
    struct stat status {};
    if (::stat(walked.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) continue;
    const bool is_member = std::find(groups.begin(), groups.end(), status.st_gid) != groups.end();
    const mode_t needed = status.st_uid == uid ? S_IXUSR : (is_member ? S_IXGRP : S_IXOTH);
    if ((status.st_mode & needed) == 0) return walked;
  }
  return {};
}

bool ChildUser::drop() const {
  if (!is_drop) return true;
  return ::setgroups(groups.size(), groups.data()) == 0 && ::setresgid(gid, gid, gid) == 0 &&
         ::setresuid(uid, uid, uid) == 0;
}

}  // namespace calixo::host
