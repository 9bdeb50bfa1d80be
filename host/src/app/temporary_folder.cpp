#include "app/temporary_folder.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace calixo::host {

TemporaryFolder::TemporaryFolder(const std::string& name) {
  std::string made = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
  if (::mkdtemp(made.data()) == nullptr) {
    throw std::runtime_error("can't make a folder " + made + ": " + std::strerror(errno) +
                             "; set TMPDIR to one you may write to");
  }
  ::chmod(made.c_str(), 0755);
  path_ = made;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code left;
  std::filesystem::remove_all(path_, left);
}

}  // namespace calixo::host
