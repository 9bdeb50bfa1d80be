// What an ELF library shows to others, read from its file without running any of it.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace calixo::host {

// The names of its defined, visible dynamic symbols. Throws std::runtime_error for a file that is
// no ELF64 library of this byte order, or damaged: nothing it says of itself is taken on trust.
std::set<std::string> exported_symbols(const std::filesystem::path& library);

}  // namespace calixo::host
