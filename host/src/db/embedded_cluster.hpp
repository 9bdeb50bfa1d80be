// A private PostgreSQL cluster in the data folder: the default where database.url is not set.
// UNIX socket only; dropped to an unprivileged user where the server runs as root.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace calixo::host {

class EmbeddedCluster {
 public:
  struct Options {
    std::filesystem::path data_folder;  // the server's; the cluster lives in data_folder/postgres
    std::string user = "postgres";      // to drop to when root; "nobody" where it does not exist
    std::string bin_folder;             // empty: the newest of /usr/lib/postgresql/*/bin
  };
  using Progress = std::function<void(std::string_view step)>;

  // initdb where needed, recovery from what an earlier kill left (stale pid file, sockets, an
  // orphaned postgres of this folder), start, wait until it accepts. Throws std::runtime_error
  // that says what is wrong and how to mend it.
  EmbeddedCluster(const Options& options, const Progress& progress);
  ~EmbeddedCluster();  // fast shutdown, bounded; then immediate

  const std::string& url() const { return url_; }  // for the server's own login role
  std::string superuser_url() const;

  // The postmaster's descriptor-free liveness: false once it exited. [any-thread]
  bool is_running() const;
  // Starts it again after it died (crash, kill -9).
  void restart(const Progress& progress);

 private:
  void fence_own_login();

  struct Impl;
  std::string url_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
