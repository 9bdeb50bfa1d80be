// The database that a plugin is validated on: an embedded one in a folder that goes afterwards, or,
// where database.url is set, a database of its own on that server, dropped with the roles it
// brought.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "db/embedded_cluster.hpp"

namespace calixo::host {

class ScratchDatabase {
 public:
  // `folder`: an empty one, for the embedded cluster. Throws std::runtime_error with the way out.
  ScratchDatabase(const std::string& server_url, const std::filesystem::path& folder);
  ~ScratchDatabase();
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const std::string& url() const { return url_; }
  // Runs SQL as the one who may do everything there: data that the plugin's handlers need.
  void prepare(const std::string& sql) const;

 private:
  std::string server_url_;  // empty: embedded
  std::string url_;
  std::string name_;
  std::vector<std::string> roles_before_;
  std::unique_ptr<EmbeddedCluster> cluster_;
};

}  // namespace calixo::host
