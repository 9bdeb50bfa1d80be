// Reads one section of an ELF64 shared library without loading it. The file is not trusted: every
// offset and size is checked against the file before it is used, and nothing of it is run.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace calixo::host {

// The file can't be read, or is no ELF64 shared library of this machine; what() says which.
class ElfError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The section's bytes; nullopt where the library has no section of that name. Throws ElfError, also
// for a section larger than bytes_max.
std::optional<std::string> read_elf_section(const std::filesystem::path& file,
                                            std::string_view name, std::size_t bytes_max);

}  // namespace calixo::host
