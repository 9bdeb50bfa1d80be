// What can be known of an embedded cluster without owning it: for commands beside a running server.
#pragma once

#include <filesystem>
#include <string>

namespace calixo::host {

// Whether the data folder holds a cluster, running or not.
bool has_cluster(const std::filesystem::path& data_folder);

// The connection string of the cluster where it accepts connections now, or empty.
std::string running_cluster_url(const std::filesystem::path& data_folder);

}  // namespace calixo::host
