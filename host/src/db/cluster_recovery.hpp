// What an earlier kill may have left of a cluster: processes, pid files, sockets.
#pragma once

#include <filesystem>

namespace calixo::host {

// Ends every PostgreSQL process that still works in this data folder, then removes the pid file
// and the socket files. The caller holds the server's lock, so that none of them is in use.
// Throws std::runtime_error where a process does not end.
void clear_leftovers(const std::filesystem::path& cluster, const std::filesystem::path& sockets);

}  // namespace calixo::host
