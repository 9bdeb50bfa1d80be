// One file that carries a plugin to another machine: a zip of the library, its manifest, a README
// and SHA256SUMS over them. The same plugin gives the same bytes. The sums find damage; they are no
// signature, which would say whom the file comes from.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include <boost/json/value.hpp>

namespace calixo::host {

// A pack that can't be made or must not be used; what() names the cause and the way out.
class PackError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using PackFiles = std::map<std::string, std::string>;  // plain names to contents

// The files of a pack. `about`: what the library says of itself, as check_entry tells it.
PackFiles pack_files(const std::filesystem::path& library, const boost::json::object& about);

// Throws PackError where the file can't be written.
void write_pack(const PackFiles& files, const std::filesystem::path& pack);

// Reads and verifies: plain names only, bounded sizes, every file in SHA256SUMS and every sum
// right, one library. Runs nothing of it. Throws PackError.
PackFiles read_pack(const std::filesystem::path& pack);

// The library of a verified pack, put into the folder, which is made where it is missing; one of
// its name is replaced at once, so that a running server goes on with the old one until it reloads.
// Throws PackError.
std::filesystem::path install_pack(const PackFiles& files, const std::filesystem::path& folder);

}  // namespace calixo::host
