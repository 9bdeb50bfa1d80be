#include "db/cluster_status.hpp"

#include <libpq-fe.h>

#include <system_error>

#include "db/cluster_folders.hpp"

namespace calixo::host {

bool has_cluster(const std::filesystem::path& data_folder) {
  std::error_code ignored;
  return std::filesystem::exists(ClusterFolders::of(data_folder).cluster / "PG_VERSION", ignored);
}

std::string running_cluster_url(const std::filesystem::path& data_folder) {
  if (!has_cluster(data_folder)) return {};
  const ClusterFolders folders = ClusterFolders::of(data_folder);
  std::string url =
      "host=" + quote_value(folders.sockets.string()) + " user=calixo_host dbname=calixo";
  return PQping(url.c_str()) == PQPING_OK ? url : std::string();
}

}  // namespace calixo::host
