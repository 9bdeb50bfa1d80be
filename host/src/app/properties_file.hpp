// Changes one value of a .properties file and leaves the rest, comments included, as it is.
#pragma once

#include <filesystem>
#include <string>

namespace calixo::host {

// Replaces the line of `name`, the commented-out default of it, or appends one. The file is
// replaced in one step. Throws std::runtime_error where it can't be read or written.
void set_property(const std::filesystem::path& file, const std::string& name,
                  const std::string& value);

}  // namespace calixo::host
