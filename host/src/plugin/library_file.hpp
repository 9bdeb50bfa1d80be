// What can be told of a plugin's file before any of its code runs: whether it is a whole shared
// library for this machine. The loader itself would end the process on a file that is cut short.
#pragma once

#include <filesystem>
#include <string>

namespace calixo::host {

// Why the file can't be a plugin, and the way out; empty where it may be one. Never waits, whatever
// kind of file it is. [startup]
std::string library_file_fault(const std::filesystem::path& file);

}  // namespace calixo::host
