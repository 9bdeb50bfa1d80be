#include "db/embedded_cluster.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "db/admin_session.hpp"
#include "db/bootstrap.hpp"
#include "db/child_command.hpp"
#include "db/child_user.hpp"
#include "db/cluster_folders.hpp"
#include "db/cluster_recovery.hpp"
#include "log/log.hpp"

namespace calixo::host {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds kInitPatience{120'000};
constexpr milliseconds kStartPatience{120'000};  // crash recovery may take long
constexpr milliseconds kFastStopPatience{10'000};
constexpr milliseconds kImmediateStopPatience{5'000};

// A line a statement, as the single-user mode reads them. The server's login role may make the
// plugins' roles, and nothing above that.
constexpr const char* kFirstStatements =
    "create role calixo_host login createrole;\n"
    "create database calixo owner calixo_host;\n";

constexpr const char* kHostBasedAuthentication =
    "# UNIX socket only; the folder that holds it is open to its owner alone.\n"
    "local all all trust\n";

void flush_file_system(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || ::syncfs(descriptor) != 0) {
    throw std::runtime_error("can't flush " + folder.string() + ": " + std::strerror(errno));
  }
  ::close(descriptor);
}

}  // namespace

struct EmbeddedCluster::Impl {
  ClusterFolders folders;
  ChildUser user;
  std::string bin_folder;
  FolderLock lock;
  std::atomic<pid_t> postmaster{0};

  Impl(const Options& options)
      : folders(ClusterFolders::of(options.data_folder)),
        user(ChildUser::find(options.user)),
        bin_folder(options.bin_folder),
        lock(folders.server / "lock") {}

  void prepare(const Progress& progress);
  void initialize();
  void run_to_end(std::vector<std::string> arguments, const std::string& input,
                  const fs::path& folder);
  void start(const Progress& progress);
  void wait_until_ready(pid_t pid);
  void stop();
};

void EmbeddedCluster::Impl::prepare(const Progress& progress) {
  folders.create(user);
  bin_folder = find_bin_folder(bin_folder, folders.cluster);
  if (fs::exists(folders.cluster / "PG_VERSION")) return;
  if (fs::exists(folders.cluster) && !fs::is_empty(folders.cluster)) {
    throw std::runtime_error(folders.cluster.string() +
                             " holds files but no PG_VERSION, so it is not a PostgreSQL cluster: "
                             "move it away, then start again");
  }
  if (progress) progress("creating the database cluster");
  initialize();
}

// Into a sibling first, so that a kill half way leaves nothing that looks like a cluster. Flushed
// once as a whole: a thousand flushes of single files take seconds.
void EmbeddedCluster::Impl::initialize() {
  const fs::path unfinished = folders.base / "cluster.unfinished";
  fs::remove_all(unfinished);
  run_to_end({bin_folder + "/initdb", "-D", unfinished, "-U", "postgres", "-E", "UTF8",
              "--locale=C.UTF-8", "-A", "trust", "--no-sync"},
             "", folders.base);
  std::ofstream(unfinished / "pg_hba.conf", std::ios::trunc) << kHostBasedAuthentication;
  run_to_end({bin_folder + "/postgres", "--single", "-F", "-D", unfinished, "template1"},
             kFirstStatements, unfinished);
  flush_file_system(folders.base);
  fs::remove(folders.cluster);  // an empty one
  fs::rename(unfinished, folders.cluster);
}

void EmbeddedCluster::Impl::run_to_end(std::vector<std::string> arguments, const std::string& input,
                                       const fs::path& folder) {
  const ChildCommand command{std::move(arguments), folder, folders.log, input, SIGKILL};
  const pid_t pid = start_child(command, user);
  const std::optional<int> status = wait_for_child(pid, kInitPatience);
  if (!status) {
    ::kill(pid, SIGKILL);
    wait_for_child(pid, kImmediateStopPatience);
  }
  if (!status || !WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
    throw std::runtime_error(command.arguments.front() + " failed; the end of " +
                             folders.log.string() + ":" + last_lines(folders.log, 8));
  }
}

void EmbeddedCluster::Impl::start(const Progress& progress) {
  clear_leftovers(folders.cluster, folders.sockets);
  if (progress) progress("starting the database");
  const ChildCommand command{{bin_folder + "/postgres",
                              "-D",
                              folders.cluster,
                              "-k",
                              folders.sockets,
                              "-c",
                              "listen_addresses=",
                              "-c",
                              "port=5432",
                              "-c",
                              "unix_socket_permissions=0700",
                              "-c",
                              "recovery_init_sync_method=syncfs",
                              "-c",
                              "shared_buffers=128MB",
                              "-c",
                              "max_connections=100",
                              "-c",
                              "jit=off",
                              "-c",
                              "log_destination=stderr",
                              "-c",
                              "logging_collector=off",
                              "-c",
                              "log_line_prefix=%m [%p] "},
                             folders.cluster,
                             folders.log,
                             "",
                             SIGINT};
  postmaster = start_child(command, user);
  try {
    wait_until_ready(postmaster);
  } catch (...) {
    stop();
    throw;
  }
}

// The postmaster writes its state into the eighth line of its pid file.
void EmbeddedCluster::Impl::wait_until_ready(pid_t pid) {
  const auto end = std::chrono::steady_clock::now() + kStartPatience;
  while (std::chrono::steady_clock::now() < end) {
    std::ifstream file(folders.cluster / "postmaster.pid");
    std::string line;
    std::string first;
    int count = 0;
    while (count < 8 && std::getline(file, line)) {
      if (++count == 1) first = line;
    }
    if (count == 8 && first == std::to_string(pid) && line.starts_with("ready")) return;
    if (!is_child_running(pid)) {
      throw std::runtime_error("PostgreSQL ended while it started; the end of " +
                               folders.log.string() + ":" + last_lines(folders.log, 8));
    }
    std::this_thread::sleep_for(milliseconds(1));
  }
  throw std::runtime_error("PostgreSQL was not ready after " +
                           std::to_string(kStartPatience.count() / 1000) + " s; the end of " +
                           folders.log.string() + ":" + last_lines(folders.log, 8));
}

void EmbeddedCluster::Impl::stop() {
  const pid_t pid = postmaster.exchange(0);
  if (pid <= 0) return;
  ::kill(pid, SIGINT);
  if (wait_for_child(pid, kFastStopPatience)) return;
  log::warn("database did not stop fast, stopping it at once", {{"pid", pid}});
  ::kill(pid, SIGQUIT);
  if (wait_for_child(pid, kImmediateStopPatience)) return;
  ::kill(pid, SIGKILL);
  wait_for_child(pid, kImmediateStopPatience);
}

EmbeddedCluster::EmbeddedCluster(const Options& options, const Progress& progress)
    : impl_(std::make_unique<Impl>(options)) {
  impl_->prepare(progress);
  impl_->start(progress);
  url_ = "host=" + quote_value(impl_->folders.sockets.string()) + " user=calixo_host dbname=calixo";
  fence_own_login();
}

// The server's login is no superuser, and can't do it itself.
void EmbeddedCluster::fence_own_login() {
  try {
    AdminSession login(url_);
    if (is_role_fenced(login)) return;
    AdminSession superuser(superuser_url());
    fence_roles(superuser, "calixo_host");
  } catch (const AdminError& error) {
    // The statement guard holds all the same; `calixo doctor` says that it stands alone.
    log::warn("plugins' roles are not fenced in the database", {{"reason", error.what()}});
  }
}

EmbeddedCluster::~EmbeddedCluster() { impl_->stop(); }

std::string EmbeddedCluster::superuser_url() const {
  return "host=" + quote_value(impl_->folders.sockets.string()) + " user=postgres dbname=calixo";
}

bool EmbeddedCluster::is_running() const { return is_child_running(impl_->postmaster); }

void EmbeddedCluster::restart(const Progress& progress) {
  impl_->stop();
  impl_->start(progress);
}

}  // namespace calixo::host
