// The manifest in a library's file, read without opening it as a library.
#pragma once

#include <filesystem>
#include <optional>

#include "plugin/manifest.hpp"

namespace calixo::host {

// nullopt: the library has none. Throws ManifestError where the file can't be read, is no library
// of this machine, or what stands in the section is no manifest.
std::optional<Manifest> read_manifest(const std::filesystem::path& file);

// What is said of a plugin without one, with the way out.
std::string missing_manifest_text();

}  // namespace calixo::host
