#include "db/cluster_folders.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace calixo::host {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSocketPathBytesMax = 107;
constexpr std::string_view kSocketName = "/.s.PGSQL.5432";

std::string hash_of(const std::string& text) {  // FNV-1a: a name, not a secret
  std::uint64_t hash = 14695981039346656037ull;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ull;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

fs::path short_socket_folder(const fs::path& base) {
  const char* runtime = ::getuid() == 0 ? nullptr : std::getenv("XDG_RUNTIME_DIR");
  const fs::path parent = runtime != nullptr && std::strlen(runtime) < 60 ? runtime : "/tmp";
  return parent / ("calixo-" + hash_of(base.string()));
}

// 0700 and the user's own. One that exists must be exactly that: /tmp is everybody's.
void make_private_folder(const fs::path& folder, const ChildUser& user) {
  const uid_t owner = user.is_drop ? user.uid : ::geteuid();
  if (::mkdir(folder.c_str(), 0700) == 0) {
    if (user.is_drop && ::chown(folder.c_str(), user.uid, user.gid) != 0) {
      throw std::runtime_error("can't give " + folder.string() + " to the user " + user.name +
                               ": " + std::strerror(errno));
    }
    return;
  }
  struct stat status {};
  if (errno != EEXIST || ::lstat(folder.c_str(), &status) != 0) {
    throw std::runtime_error("can't make " + folder.string() + ": " + std::strerror(errno));
  }
  if (!S_ISDIR(status.st_mode) || status.st_uid != owner || (status.st_mode & 0077) != 0) {
    throw std::runtime_error(folder.string() + " must be a folder of user id " +
                             std::to_string(owner) +
                             " that nobody else can enter: chown it and chmod 0700, or move it");
  }
}

std::optional<int> version_of(const fs::path& bin_folder) {
  const std::string name = bin_folder.parent_path().filename();
  int version = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), version);
  if (fault != std::errc() || end != name.data() + name.size()) return {};
  return version;
}

fs::path newest_bin_folder() {
  fs::path newest;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const fs::path bin = entry.path() / "bin";
    if (!version_of(bin) || !fs::exists(bin / "postgres") || !fs::exists(bin / "initdb")) continue;
    if (newest.empty() || *version_of(newest) < *version_of(bin)) newest = bin;
  }
  return newest;
}

}  // namespace

ClusterFolders ClusterFolders::of(const fs::path& data_folder) {
  fs::create_directories(data_folder);
  ClusterFolders folders;
  folders.server = fs::canonical(data_folder);
  folders.base = folders.server / "postgres";
  folders.cluster = folders.base / "cluster";
  folders.log = folders.base / "log";
  folders.sockets = folders.base.string().size() + kSocketName.size() <= kSocketPathBytesMax
                        ? folders.base
                        : short_socket_folder(folders.base);
  return folders;
}

void ClusterFolders::create(const ChildUser& user) const {
  if (const fs::path closed = user.first_closed_folder(server); !closed.empty()) {
    throw std::runtime_error("PostgreSQL runs as the user " + user.name + ", which can't enter " +
                             closed.string() + ": chmod o+x " + closed.string() +
                             ", or choose another data folder");
  }
  make_private_folder(base, user);
  if (sockets != base) make_private_folder(sockets, user);
}

FolderLock::FolderLock(const fs::path& file) {
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor_ < 0) {
    throw std::runtime_error("can't open " + file.string() + ": " + std::strerror(errno));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int error = errno;
  ::close(descriptor_);
  if (error != EWOULDBLOCK) {
    throw std::runtime_error("can't lock " + file.string() + ": " + std::strerror(error));
  }
  throw std::runtime_error("another server uses the data folder " + file.parent_path().string() +
                           ": stop it, or choose another data folder");
}

FolderLock::~FolderLock() { ::close(descriptor_); }

std::string find_bin_folder(const std::string& wanted, const fs::path& cluster) {
  if (!wanted.empty()) return wanted;
  std::string version;
  std::ifstream(cluster / "PG_VERSION") >> version;
  const fs::path found =
      version.empty() ? newest_bin_folder() : fs::path("/usr/lib/postgresql") / version / "bin";
  if (!found.empty() && fs::exists(found / "postgres")) return found;
  if (version.empty()) {
    throw std::runtime_error(
        "no PostgreSQL server under /usr/lib/postgresql: install the package postgresql, or set "
        "database.url to a running one");
  }
  throw std::runtime_error("the cluster in " + cluster.string() + " was made by PostgreSQL " +
                           version + ", which is not installed: install postgresql-" + version);
}

std::string quote_value(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace calixo::host
